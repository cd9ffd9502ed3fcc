import type { Point, Series } from '../../../plot/figure';
import type { Group } from '../group-runs';
import { betterOf } from '../known-metrics';
import { ofMethods } from '../metrics';
import type { ScenarioComparison } from '../scenario-comparison';
import { canonical } from '../settings';
import type { DrawnPanels } from './drawn-panels';
import { axisFor, mostBands, panelsOf, rowLabels, seedsInWords } from './series-of-rows';

/** Of metrics that nobody chose, those that say how well what was learned holds for other data; all where none does. */
function ofUnseenData(metrics: readonly string[]): readonly string[] {
  const found = [/^(methods\.\*\.)?test\b/, /heldOut|accuracy/].map((name) =>
    metrics.filter((metric) => name.test(metric)),
  );
  return found.find((names) => names.length > 0) ?? metrics;
}

/** Metrics side by side. */
const mostMetrics = 4;

/** What metrics come to over a setting: a curve for each combination of the others. */
export function sweepPanels(
  { scenario, groups, by, metrics }: ScenarioComparison,
  x: string,
  areAsked: boolean,
): DrawnPanels {
  const rows = groups.filter(({ settings }) => typeof settings.get(x) === 'number');
  const others = by.filter((path) => path !== x && !changesWith(rows, x, path));
  const labels = rowLabels(rows, others);
  const byLabel = new Map<string, Group[]>();
  rows.forEach((row, i) => {
    byLabel.set(labels[i]!, [...(byLabel.get(labels[i]!) ?? []), row]);
  });
  const matter = areAsked ? metrics : ofUnseenData(metrics);
  // Where each curve has a panel of its own, there is room for one metric.
  const shown = matter.slice(0, byLabel.size > mostBands ? 1 : mostMetrics);
  const curves = shown.map((metric) => ({
    metric,
    series: [...byLabel].flatMap(([label, all]) => curveOf(label, all, x, metric)),
  }));
  const places = rows.map(({ settings }) => settings.get(x) as number);
  const heights = (metric: string) => rows.flatMap((row) => row.interval(metric)?.mean ?? []);
  const panels = panelsOf(curves, axisFor(x.replace(/^--/, ''), places, 1), (metric) =>
    axisFor(withDirection(scenario, metric), heights(metric), 2),
  );
  const notShown = groups.length - rows.length;
  return {
    ...panels,
    title: `${scenario}: ${shown.map(nameOf).join(', ') || 'nothing'} by ${x.replace(/^--/, '')}`,
    caption: [
      seedsInWords(rows),
      ...(notShown > 0 ? [`Not shown: ${notShown} rows in which ${x} is no number.`] : []),
      ...withoutNumbers(rows),
    ].join(' '),
    warnings: [],
  };
}

/** Whether a setting has but one value for each of another one's, so that it tells no curves apart. */
function changesWith(rows: readonly Group[], x: string, path: string): boolean {
  const found = new Map<string, string>();
  return rows.every(({ settings }) => {
    const at = canonical(settings.get(x));
    const value = canonical(settings.get(path));
    const before = found.get(at) ?? value;
    found.set(at, before);
    return before === value;
  });
}

function curveOf(label: string, rows: readonly Group[], x: string, metric: string): Series[] {
  const points = rows.flatMap((row): Point[] => {
    const interval = row.interval(metric);
    if (interval === null) return [];
    const { mean, halfWidth } = interval;
    const at = { x: row.settings.get(x) as number, y: mean };
    return [halfWidth === null ? at : { ...at, low: mean - halfWidth, high: mean + halfWidth }];
  });
  const ordered = points.sort((a, b) => a.x - b.x);
  return ordered.length === 0 ? [] : [{ label, kind: 'line-and-dots', points: ordered }];
}

const nameOf = (metric: string): string =>
  metric.startsWith(ofMethods) ? metric.slice(ofMethods.length) : metric;

function withDirection(scenario: string, metric: string): string {
  const better = betterOf(scenario, metric);
  return better === null ? nameOf(metric) : `${nameOf(metric)} (${better} is better)`;
}

function withoutNumbers(rows: readonly Group[]): string[] {
  const count = rows.reduce((sum, { leftOut }) => sum + leftOut, 0);
  return count === 0 ? [] : [`${count} runs failed, or are unfinished or damaged, and are not in it.`];
}
