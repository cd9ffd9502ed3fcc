import type { Cell } from '../../protocol/runs';
import type { Span } from '../../protocol/traces';
import type { ChartData, ChartSpan } from '../chart/chart-data';
import { counted, shortNumber } from '../text/numbers';
import type { ShownSpan } from './shown-spans';

/** The residual at which free and nudged phases may end; null where the run sets none. */
export interface Tolerances {
  readonly free: number | null;
  readonly nudged: number | null;
}

/**
 * The tolerances among a run's settings: of the method that a trace is named after, where there are several.
 * A tolerance of 0 is none: the phase ends by its budget of steps.
 */
export function tolerancesOf(settings: Readonly<Record<string, Cell>>, trace: string): Tolerances {
  const of = (phase: string): number | null => {
    const end = `${phase}.tolerance`;
    const paths = Object.keys(settings).filter((path) => path === end || path.endsWith(`.${end}`));
    const path =
      paths.find((each) => each !== end && trace.startsWith(each.slice(0, -end.length - 1))) ??
      (paths.includes(end) ? end : paths.length === 1 ? paths[0] : undefined);
    const value = path === undefined ? null : settings[path];
    return typeof value === 'number' && value > 0 ? value : null;
  };
  return { free: of('free'), nudged: of('nudged') };
}

export type Standing = 'converged' | 'unconverged' | 'unknown';

/** Whether the phase ended as close to its equilibrium as was asked for; unknown where it has not ended. */
export function standingOf({ phase, residual, isWhole }: ShownSpan, { free, nudged }: Tolerances): Standing {
  const tolerance = phase === 0 ? free : nudged;
  if (!isWhole || phase === null || phase < 0 || residual === null || tolerance === null) return 'unknown';
  return residual <= tolerance ? 'converged' : 'unconverged';
}

/** `free`, `nudged, β = 0.1`, `meta-update`; of merged spans `several phases`. */
export function phaseWords({ phase, beta }: Pick<Span, 'phase' | 'beta'>): string {
  if (phase === null) return 'several phases';
  if (phase === -1) return 'meta-update';
  if (phase === 0 || beta === 0) return 'free';
  return beta === null ? 'nudged' : `nudged, β = ${shortNumber(beta)}`;
}

/** The tint that a phase has wherever it is drawn. */
const phaseTint = (phase: number | null): string =>
  phase === null
    ? 'var(--phase-several)'
    : phase === -1
      ? 'var(--phase-meta)'
      : phase === 0
        ? 'var(--phase-free)'
        : 'var(--phase-nudged)';

const spanTints = (spans: readonly Span[]): ChartSpan[] =>
  spans.map((span) => ({
    // A row stands in the middle of its tint.
    from: span.firstRow - 0.5,
    to: span.endRow - 0.5,
    label: `${taskWords(span)}, ${phaseWords(span)}`,
    colour: phaseTint(span.phase),
  }));

export const taskWords = ({ firstTask, lastTask }: Pick<Span, 'firstTask' | 'lastTask'>): string =>
  firstTask === lastTask ? `task ${firstTask}` : `tasks ${firstTask} to ${lastTask}`;

const endsOf = (spans: readonly Span[]): number[] =>
  spans.length === 0 ? [] : [spans[0]!.firstRow - 0.5, spans.at(-1)!.endRow - 0.5];

const colours = ['var(--series-1)', 'var(--series-5)', 'var(--series-3)', 'var(--series-4)'];

/** One value of each phase that has ended, at its last row: a series for each kind of phase, and one over them for phases unconverged. */
export function phaseChart(
  spans: readonly ShownSpan[],
  tolerances: Tolerances,
  what: 'residual' | 'steps',
): ChartData {
  const inner = spans.filter(({ phase }) => phase !== -1);
  const kinds = [...new Set(inner.map(phaseWords))];
  const x = (span: Span) => span.endRow - 1;
  const series = kinds.map((kind, i) => {
    const own = inner.filter((span) => phaseWords(span) === kind);
    return {
      id: kind,
      label: kind,
      colour: colours[i % colours.length]!,
      x: own.map(x),
      y: own.map((span) => (span.isWhole ? span[what] : null)),
      points: 'only' as const,
    };
  });
  const bad = inner.filter((span) => standingOf(span, tolerances) === 'unconverged');
  const both = tolerances.free === tolerances.nudged;
  const marks =
    what === 'steps'
      ? []
      : (['free', 'nudged'] as const)
          .filter((phase) => tolerances[phase] !== null && (phase === 'free' || !both))
          .map((phase) => ({
            axis: 'y' as const,
            at: tolerances[phase]!,
            label: both ? 'tolerance' : `tolerance, ${phase}`,
          }));
  return {
    x: { label: 'row of the trace', whole: true, include: endsOf(spans) },
    y:
      what === 'residual'
        ? { label: 'residual at the end', log: true, include: marks.map(({ at }) => at) }
        : { label: 'inner steps', include: [0] },
    series:
      bad.length === 0
        ? series
        : [
            ...series,
            {
              id: 'unconverged',
              label: `not converged: ${counted(bad.length, 'phase')}`,
              colour: 'var(--bad)',
              x: bad.map(x),
              y: bad.map((span) => span[what]),
              points: 'ring',
            },
          ],
    spans: spanTints(spans),
    marks,
  };
}
