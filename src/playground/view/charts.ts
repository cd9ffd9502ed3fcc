import type { ChartData, ChartSeries, ChartSpan } from '../../inspector/page/chart/chart-data';
import { seriesColour, seriesDash } from '../../inspector/page/colour/series-colours';
import { shortNumber } from '../../inspector/page/text/numbers';
import { shown } from '../../inspector/page/text/symbols';
import type { Course, Estimated, Exact, Sweep } from '../experiment/outcome';

/** The step at which each phase begins, counted over all of them, and at last where they end. */
function beginnings({ phases }: Course): number[] {
  const at = [0];
  for (const { steps } of phases) at.push(at.at(-1)! + steps);
  return at;
}

function phaseSpans(estimated: Course): ChartSpan[] {
  const at = beginnings(estimated);
  return estimated.phases.map(({ beta }, i) => ({
    from: at[i]!,
    to: at[i + 1]!,
    label: beta === 0 ? 'free' : `β = ${shortNumber(beta, 3)}`,
    colour: beta === 0 ? 'var(--phase-free)' : 'var(--phase-nudged)',
  }));
}

/** Points of all phases one behind the other; null between two, since each begins anew. */
function along(
  estimated: Course,
  value: (look: Course['looks'][number]) => number | null,
): { readonly x: number[]; readonly y: (number | null)[] } {
  const at = beginnings(estimated);
  const [x, y]: [number[], (number | null)[]] = [[], []];
  estimated.looks.forEach((look, i) => {
    const begins = i > 0 && look.step === 0;
    // A step behind the end of the phase before, where its last point lies.
    if (begins) {
      x.push(at[look.phase]! + 1e-6);
      y.push(null);
    }
    x.push(at[look.phase]! + (begins ? 2e-6 : look.step));
    y.push(value(look));
  });
  return { x, y };
}

/** phi of some synapses through the phases. */
export function courseChart(estimated: Course, synapses: readonly number[]): ChartData {
  return {
    x: { label: 'inner step' },
    y: { label: 'φ' },
    spans: phaseSpans(estimated),
    series: synapses.map((synapse, i) => ({
      id: String(synapse),
      label: `synapse ${synapse}: ${estimated.connections[synapse]}`,
      colour: seriesColour(i),
      dash: seriesDash(i),
      points: false,
      ...along(estimated, ({ phi }) => phi[synapse]!),
    })),
  };
}

export function residualChart(estimated: Course): ChartData {
  return {
    x: { label: 'inner step' },
    y: { label: 'norm of the gradient', log: true },
    spans: phaseSpans(estimated),
    series: [
      {
        id: 'residual',
        label: 'gradient of the augmented loss',
        colour: seriesColour(0),
        points: false,
        ...along(estimated, ({ residual }) => (Number.isNaN(residual) ? null : residual)),
      },
    ],
  };
}

/** The estimate by the exact gradient, one point a synapse. */
export function scatterChart(
  variable: string,
  estimated: Estimated,
  exact: Extract<Exact, { refused: null }>,
): ChartData {
  const truth = exact.metaGradient[variable]!;
  const estimate = estimated.metaGradient[variable]!;
  const order = Array.from(truth, (_, i) => i).sort((a, b) => truth[a]! - truth[b]!);
  const [least, most] = [truth[order[0]!]!, truth[order.at(-1)!]!];
  // One synapse alone has a point, through which a line is to go.
  const ends = least < most ? [least, most] : [least - Math.abs(least) / 2, most + Math.abs(most) / 2];
  const diagonal: ChartSeries = {
    id: 'exact',
    label: 'where both agree',
    colour: 'var(--muted)',
    dash: [4, 4],
    points: false,
    x: ends,
    y: ends,
  };
  return {
    x: { label: `exact dL/d${shown(variable)}` },
    y: { label: `estimate` },
    series: [
      {
        id: variable,
        label: `${order.length === 1 ? 'the synapse' : `${order.length} synapses`}`,
        colour: seriesColour(1),
        points: 'only',
        x: order.map((i) => truth[i]!),
        y: order.map((i) => estimate[i]!),
      },
      diagonal,
    ],
  };
}

/** The relative error by the size of beta, and where the slider stands. */
export function sweepChart({ points }: Sweep, variables: readonly string[], beta: number): ChartData {
  const ordered = [...points].sort((a, b) => Math.abs(a.beta) - Math.abs(b.beta));
  const x = ordered.map((point) => Math.abs(point.beta));
  return {
    x: { label: beta < 0 ? '|β|, of negative nudges' : 'β', log: true, include: [Math.abs(beta)] },
    y: { label: 'relative error', log: true },
    series: variables.map((name, i) => ({
      id: name,
      label: `of dL/d${shown(name)}`,
      colour: seriesColour(i),
      dash: seriesDash(i),
      points: true,
      x,
      y: ordered.map(({ relativeErrors }) => relativeErrors[name] ?? null),
    })),
    marks: [{ axis: 'x', at: Math.abs(beta), label: `β = ${shortNumber(beta, 3)}` }],
  };
}

/** The synapses that the nudges moved the furthest. */
export function furthest({ looks }: Course, count: number): number[] {
  const free = looks.findLast(({ phase }) => phase === 0)!.phi;
  const moved = Array.from(free, (phi, i) =>
    looks.reduce((most, look) => (look.phase === 0 ? most : Math.max(most, Math.abs(look.phi[i]! - phi))), 0),
  );
  return moved
    .map((_, i) => i)
    .sort((a, b) => moved[b]! - moved[a]!)
    .slice(0, count);
}
