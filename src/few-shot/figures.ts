import type { Interval } from '../core/interval';
import type { Figure, Panel, Point, ReferenceLine, Series } from '../plot/figure';
import type { FewShotFacts, FewShotResult } from './facts';

/** Of more methods, bands in one panel blend into each other. */
const mostTogether = 3;

/** The learning curves of a run: inside unseen tasks, and over the stream where any method learns from it. */
export function fewShotFigures(facts: FewShotFacts): Figure[] {
  const learns = facts.results.some(({ history }) => history.curve.length > 1);
  return [insideTasks(facts), ...(learns ? [overStream(facts)] : [])];
}

const bands = 'Means over the tasks; bands are their 95 % confidence intervals.';

function insideTasks(facts: FewShotFacts): Figure {
  const { name, settings, results, unseen } = facts;
  const { steps } = settings.unseen;
  const curves = results.map((result): Curve => {
    const points = atTheEnd(result).map((loss, i) => point(steps[i]!, loss));
    return { result, points, kind: 'line-and-dots' };
  });
  const axes = { x: { label: 'inner steps', scale: 'log', withZero: true }, y: lossAxis(facts) } as const;
  return {
    name: 'loss-by-inner-steps',
    title: `${name}: how fast ${unseen} unseen tasks are learned, after the whole stream`,
    ...(results.length > mostTogether ? apart(curves, axes, steps.at(-1)!) : together(curves, axes)),
  };
}

function overStream(facts: FewShotFacts): Figure {
  const { name, settings, results, unseen } = facts;
  const steps = settings.unseen.steps.at(-1)!;
  const last = Math.max(...results.map(({ history }) => history.curve.at(-1)!.tasks));
  const curves = results.map((result): Curve => {
    const { curve } = result.history;
    const points = curve.map(({ tasks, losses }) => point(tasks, losses.at(-1)!));
    if (curve.length > 1) return { result, points };
    return { result, points: [points[0]!, { ...points[0]!, x: last }], still: true };
  });
  const axes = { x: { label: 'tasks lived', scale: 'linear' }, y: lossAxis(facts) } as const;
  return {
    name: 'loss-over-stream',
    title: `${name}: held-out loss of ${unseen} unseen tasks after ${steps} inner steps`,
    ...(results.length > mostTogether ? apart(curves, axes, steps) : together(curves, axes)),
  };
}

/** What one method came to. */
interface Curve {
  readonly result: FewShotResult;
  readonly points: readonly Point[];
  readonly kind?: Series['kind'];
  /** Whether it is level, since its method learns nothing between tasks. */
  readonly still?: boolean;
}

type Axes = Pick<Panel, 'x' | 'y'>;
type Drawn = Pick<Figure, 'caption' | 'panels' | 'columns' | 'panelHeight' | 'sharedAxes'>;

const stillCaption = (curves: readonly Curve[]) =>
  curves.some(({ still }) => still) ? ' A level line is a method that learns nothing between tasks.' : '';

/** All curves in one panel; a method that learns nothing between tasks is a line to read the others against. */
function together(curves: readonly Curve[], axes: Axes): Drawn {
  const series = curves
    .filter(({ still }) => still !== true)
    .map(({ result, points, kind }): Series => ({ label: result.method.name, kind, points }));
  const marks = curves.flatMap(({ result, points, still }): ReferenceLine[] => {
    const { y } = points[0]!;
    return still && y > 0 ? [{ axis: 'y', at: y, label: result.method.name }] : [];
  });
  const still = marks.length === 0 ? '' : stillCaption(curves);
  return { caption: `${bands}${still}`, panels: [{ ...axes, series, marks }] };
}

/** A panel for each curve, with its interval, and all others in grey behind it. */
function apart(curves: readonly Curve[], axes: Axes, steps: number): Drawn {
  const panels = curves.map(({ result }): Panel => {
    const series = curves.map(({ result: other, points, kind }): Series => {
      const own = other === result;
      const look = own ? { labelled: false, group: 'its own' } : { muted: true };
      return { label: other.method.name, kind, points, ...look };
    });
    return { title: `${result.method.name}: ${inWords(atTheEnd(result).at(-1)!)}`, ...axes, series };
  });
  return {
    caption:
      `Each method with its 95 % confidence interval over the tasks, the others in grey. Above the panels: loss after ${steps} inner ` +
      `steps, after the whole stream.${stillCaption(curves)}`,
    panels,
    columns: curves.length > 6 ? 4 : 3,
    panelHeight: 180,
    sharedAxes: ['x', 'y'],
  };
}

/** After each number of inner steps. */
const atTheEnd = ({ history }: FewShotResult): readonly Interval[] => history.curve.at(-1)!.losses;

function inWords({ mean, halfWidth }: Interval): string {
  if (Number.isNaN(mean)) return 'diverged';
  return mean.toPrecision(3) + (Number.isNaN(halfWidth) ? '' : ` ± ${halfWidth.toPrecision(2)}`);
}

function lossAxis({ loss }: FewShotFacts): Panel['y'] {
  return { label: `held-out loss (${loss})`, scale: 'log' };
}

/** One task alone has no interval. */
function point(x: number, { mean, halfWidth }: Interval): Point {
  return Number.isNaN(halfWidth)
    ? { x, y: mean }
    : { x, y: mean, low: mean - halfWidth, high: mean + halfWidth };
}
