import { InputError } from '../../../core/errors';
import type { Point, Series } from '../../../plot/figure';
import type { Group } from '../group-runs';
import { betterOf } from '../known-metrics';
import { chooseMetrics } from '../match-metrics';
import type { ScenarioComparison } from '../scenario-comparison';
import { meanOf, seedInterval } from '../seed-interval';
import { type Course, coursesOf } from './courses';
import type { DrawnPanels } from './drawn-panels';
import { axisFor, mostBands, panelsOf, rowLabels, seedsInWords } from './series-of-rows';

const mostQuantities = 4;

/** How quantities go on from meta-step to meta-step: a curve for each row, the mean over its seeds. */
export function coursePanels(
  { scenario, groups, by }: ScenarioComparison,
  patterns: readonly string[],
): DrawnPanels {
  const rows = groups.filter(({ runs }) => runs.length > 0);
  const warnings: string[] = [];
  const courses = new Map<string, readonly Course[]>();
  for (const { directory } of rows.flatMap(({ runs }) => runs)) {
    if (courses.has(directory)) continue;
    courses.set(directory, read(directory, warnings));
  }
  const every = [
    ...new Set([...courses.values()].flatMap((all) => all.map(({ quantity }) => quantity))),
  ].sort();
  if (every.length === 0) {
    throw new InputError({
      what: `The runs of "${scenario}" recorded nothing by meta-step, so there is no course to draw`,
      advice: 'Draw over a setting that differs: --x path',
    });
  }
  const shown = quantitiesShown(patterns, every).slice(0, rows.length > mostBands ? 1 : mostQuantities);
  const labels = rowLabels(rows, by);
  const curves = shown.map((quantity) => ({
    metric: quantity,
    series: rows.flatMap((row, i) => meanCourse(row, labels[i]!, quantity, courses)),
  }));
  const all = curves.flatMap(({ series }) => series.flatMap(({ points }) => points));
  if (all.length === 0)
    throw new InputError({ what: 'No meta-step is one that all seeds of a row recorded' });
  const x = { label: 'meta-step', scale: 'linear' } as const;
  const heights = (quantity: string) =>
    curves
      .find(({ metric }) => metric === quantity)!
      .series.flatMap(({ points }) => points.map(({ y }) => y));
  const panels = panelsOf(curves, x, (quantity) => axisFor(label(scenario, quantity), heights(quantity), 2));
  return {
    ...panels,
    title: `${scenario}: ${shown.join(', ')} by meta-step`,
    caption: `${seedsInWords(rows)} Meta-steps that not every seed of a row recorded are left out.`,
    warnings,
  };
}

function read(directory: string, warnings: string[]): readonly Course[] {
  try {
    return coursesOf(directory);
  } catch (error) {
    warnings.push(`not in the figure: "${directory}": ${(error as Error).message.replace(/\.$/, '')}`);
    return [];
  }
}

const unknown = {
  what: 'No run recorded such a quantity by meta-step',
  advice: 'To draw metrics of the summaries over a setting: --x path',
};

/** What is asked for, or else what says how well it is learned. */
function quantitiesShown(patterns: readonly string[], every: readonly string[]): string[] {
  if (patterns.length > 0) return chooseMetrics(patterns, every, unknown);
  const learned = [/^(heldOut|test)(\.accuracy)?$/, /accuracy|loss|error/i, /^(train|heldOut|test)\b/];
  const found = learned.map((name) => every.filter((quantity) => name.test(quantity)));
  return [...(found.find((names) => names.length > 0) ?? every)];
}

function label(scenario: string, quantity: string): string {
  const better = betterOf(scenario, quantity);
  return better === null ? quantity : `${quantity} (${better} is better)`;
}

/** The mean over a row's seeds at each meta-step that all of them recorded. */
function meanCourse(
  row: Group,
  label: string,
  quantity: string,
  courses: ReadonlyMap<string, readonly Course[]>,
): Series[] {
  const bySeed = new Map<number, ReadonlyMap<number, number>[]>();
  for (const { directory, seed } of row.runs) {
    const course = courses.get(directory)!.find((one) => one.quantity === quantity && fits(one, row));
    if (course !== undefined) bySeed.set(seed, [...(bySeed.get(seed) ?? []), course.values]);
  }
  const seeds = [...bySeed.values()];
  const steps = [...(seeds[0]?.[0]?.keys() ?? [])].sort((a, b) => a - b);
  const points = steps.flatMap((step): Point[] => {
    const values = seeds.map((runs) => runs.map((run) => run.get(step)));
    if (values.some((runs) => runs.includes(undefined))) return [];
    const { mean, halfWidth } = seedInterval(values.map((runs) => meanOf(runs as number[])));
    const at = { x: step, y: mean };
    return [halfWidth === null ? at : { ...at, low: mean - halfWidth, high: mean + halfWidth }];
  });
  return points.length === 0 ? [] : [{ label, points }];
}

const fits = (course: Course, { method }: Group): boolean =>
  course.method === null || course.method === method;
