import type { Interval } from '../core/interval';
import type { Figure, Point, ReferenceLine, Series } from '../plot/figure';
import type { FewShotFacts } from './report';

/** The learning curves of a run: inside unseen tasks, and over the stream where any method learns from it. */
export function fewShotFigures(facts: FewShotFacts): Figure[] {
  const learns = facts.results.some(({ history }) => history.curve.length > 1);
  return [insideTasks(facts), ...(learns ? [overStream(facts)] : [])];
}

const bands = 'Means over the tasks; bands are their 95 % confidence intervals.';

function insideTasks({ name, settings, results, unseen }: FewShotFacts): Figure {
  const { steps } = settings.unseen;
  const series = results.map(({ method, history }): Series => {
    const { losses } = history.curve.at(-1)!;
    return {
      label: method.name,
      kind: 'line-and-dots',
      points: losses.map((loss, i) => point(steps[i]!, loss)),
    };
  });
  return {
    name: 'loss-by-inner-steps',
    title: `${name}: how fast ${unseen} unseen tasks are learned, after the whole stream`,
    caption: bands,
    panels: [
      {
        x: { label: 'inner steps', scale: 'log', withZero: true },
        y: { label: 'held-out loss', scale: 'log' },
        series,
      },
    ],
  };
}

function overStream({ name, settings, results, unseen }: FewShotFacts): Figure {
  const steps = settings.unseen.steps.at(-1)!;
  const ofLast = (losses: readonly Interval[]) => losses.at(-1)!;
  const learning = results.filter(({ history }) => history.curve.length > 1);
  const constant = results.filter(({ history }) => history.curve.length === 1);
  const series = learning.map(
    ({ method, history }): Series => ({
      label: method.name,
      points: history.curve.map(({ tasks, losses }) => point(tasks, ofLast(losses))),
    }),
  );
  const marks = constant.flatMap(({ method, history }): ReferenceLine[] => {
    const { mean } = ofLast(history.curve[0]!.losses);
    return mean > 0 ? [{ axis: 'y', at: mean, label: method.name }] : [];
  });
  const still = marks.length === 0 ? '' : ' A level line is a method that learns nothing between tasks.';
  return {
    name: 'loss-over-stream',
    title: `${name}: held-out loss of ${unseen} unseen tasks after ${steps} inner steps`,
    caption: `${bands}${still}`,
    panels: [
      {
        x: { label: 'tasks lived', scale: 'linear' },
        y: { label: 'held-out loss', scale: 'log' },
        series,
        marks,
      },
    ],
  };
}

/** One task alone has no interval. */
function point(x: number, { mean, halfWidth }: Interval): Point {
  return Number.isNaN(halfWidth)
    ? { x, y: mean }
    : { x, y: mean, low: mean - halfWidth, high: mean + halfWidth };
}
