import type { Interval } from '../core/interval';
import type { Figure, Panel, Point, ReferenceLine, Series } from '../plot/figure';
import type { FewShotFacts, FewShotResult } from './facts';
import { type CurvePoint, inPercent, inTheEnd } from './run-stream';

/** Of more methods, bands in one panel blend into each other. */
const mostTogether = 3;

/** The learning curves of a run: inside unseen tasks, and over the stream where any method learns from it. */
export function fewShotFigures(facts: FewShotFacts): Figure[] {
  const learns = facts.results.some(({ history }) => history.curve.length > 1);
  return [insideTasks(facts), ...(learns ? [overStream(facts)] : [])];
}

const bands = 'Means over the tasks; bands are their 95 % confidence intervals.';

function insideTasks(facts: FewShotFacts): Figure {
  const { name, results, unseen } = facts;
  const { stem } = measureOf(facts);
  const curves = results.map((result): Curve => {
    const { steps } = result.history;
    const points = atTheEnd(result, facts).map((value, i) => point(steps[i]!, value));
    return { result, points, kind: 'line-and-dots' };
  });
  const axes = { x: { label: 'inner steps', scale: 'log', withZero: true }, y: axisOf(facts) } as const;
  return {
    name: `${stem}-by-inner-steps`,
    title: `${name}: how fast ${unseen} unseen tasks are learned, ${afterWhat(facts)}`,
    ...(results.length > mostTogether ? apart(curves, axes, facts) : together(curves, axes)),
  };
}

const afterWhat = ({ validation }: FewShotFacts): string =>
  typeof validation === 'number' ? 'from the best of the stream by validation' : 'after the whole stream';

function overStream(facts: FewShotFacts): Figure {
  const { name, results, unseen, validation } = facts;
  const { stem, words, of } = measureOf(facts);
  const last = Math.max(...results.map(({ history }) => history.curve.at(-1)!.tasks));
  const curves = results.map((result): Curve => {
    const { curve } = result.history;
    const points = curve.map((each) => point(each.tasks, of(each).at(-1)!));
    if (curve.length > 1) return { result, points };
    return { result, points: [points[0]!, { ...points[0]!, x: last }], still: true };
  });
  const axes = { x: { label: 'tasks lived', scale: 'linear' }, y: axisOf(facts) } as const;
  const those =
    typeof validation === 'number' ? `${validation} tasks for validation` : `${unseen} unseen tasks`;
  return {
    name: `${stem}-over-stream`,
    title: `${name}: ${words} of ${those} ${stepsInWords(facts)}`,
    ...(results.length > mostTogether ? apart(curves, axes, facts) : together(curves, axes)),
  };
}

/** What methods are judged by: how many samples they tell right, where they tell classes apart; else their loss. */
interface Measure {
  /** What names of figures begin with. */
  readonly stem: string;
  readonly words: string;
  readonly of: (point: CurvePoint) => readonly Interval[];
  readonly inWords: (value: Interval) => string;
}

const byLoss: Measure = {
  stem: 'loss',
  words: 'held-out loss',
  of: ({ losses }) => losses,
  inWords: ({ mean, halfWidth }) => {
    if (Number.isNaN(mean)) return 'diverged';
    return mean.toPrecision(3) + (Number.isNaN(halfWidth) ? '' : ` ± ${halfWidth.toPrecision(2)}`);
  },
};

const byAccuracy: Measure = {
  stem: 'accuracy',
  words: 'held-out accuracy',
  of: ({ accuracies }) => accuracies!.map(inPercent),
  inWords: ({ mean, halfWidth }) => `${mean.toFixed(1)} ± ${halfWidth.toFixed(1)} %`,
};

const measureOf = ({ tellsClasses }: FewShotFacts): Measure => (tellsClasses ? byAccuracy : byLoss);

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
function apart(curves: readonly Curve[], axes: Axes, facts: FewShotFacts): Drawn {
  const { stem, inWords } = measureOf(facts);
  const panels = curves.map(({ result }): Panel => {
    const series = curves.map(({ result: other, points, kind }): Series => {
      const own = other === result;
      const look = own ? { labelled: false, group: 'its own' } : { muted: true };
      return { label: other.method.name, kind, points, ...look };
    });
    return { title: `${result.method.name}: ${inWords(atTheEnd(result, facts).at(-1)!)}`, ...axes, series };
  });
  return {
    caption:
      `Each method with its 95 % confidence interval over the tasks, the others in grey. Above the panels: ${stem} of unseen tasks ` +
      `${stepsInWords(facts)}, ${afterWhat(facts)}.${stillCaption(curves)}`,
    panels,
    columns: curves.length > 6 ? 4 : 3,
    panelHeight: 180,
    sharedAxes: ['x', 'y'],
  };
}

/** Of unseen tasks, after each number of inner steps. */
const atTheEnd = ({ history }: FewShotResult, facts: FewShotFacts): readonly Interval[] =>
  measureOf(facts).of(inTheEnd(history));

function stepsInWords({ results }: FewShotFacts): string {
  const steps = [...new Set(results.map(({ history }) => history.steps.at(-1)!))];
  return steps.length === 1 ? `after ${steps[0]} inner steps` : "after each method's inner steps";
}

function axisOf({ loss, tellsClasses }: FewShotFacts): Panel['y'] {
  if (tellsClasses) return { label: 'held-out accuracy (%)', scale: 'linear' };
  return { label: `held-out loss (${loss})`, scale: 'log' };
}

/** One task alone has no interval. */
function point(x: number, { mean, halfWidth }: Interval): Point {
  return Number.isNaN(halfWidth)
    ? { x, y: mean }
    : { x, y: mean, low: mean - halfWidth, high: mean + halfWidth };
}
