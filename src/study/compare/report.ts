import { bestRows } from './best';
import type { Comparison } from './comparison';
import type { Group } from './group-runs';
import { betterOf } from './known-metrics';
import type { ListedMetric } from './metric-list';
import { ofMethods } from './metrics';
import { intervalText } from './number-text';
import type { ScenarioComparison } from './scenario-comparison';
import { settingText } from './settings';
import { type Column, textTable } from './text-table';
import { varyingTogether } from './varying-together';

/** A comparison for people: a table for each scenario. */
export function comparisonText({ scenarios }: Comparison): string {
  return scenarios.map((one) => `${scenarioLines(one).join('\n')}\n`).join('\n');
}

function scenarioLines(one: ScenarioComparison): string[] {
  const { groups, metrics } = one;
  if (groups.length === 0) return [headLine(one), 'no row'];
  const varying = varyingTogether(groups, one.by);
  const columns: Column[] = [
    ...varying.map(({ path }): Column => {
      const cells = groups.map(({ settings }) => settingText(settings.get(path)));
      const numeric = groups.every(({ settings }) => typeof settings.get(path) === 'number');
      return { head: [path], align: numeric ? 'right' : 'left', cells };
    }),
    ...(groups.some(({ method }) => method !== null)
      ? [{ head: ['method'], align: 'left', cells: groups.map(({ method }) => method ?? '-') } as const]
      : []),
    { head: ['seeds'], align: 'right', cells: groups.map(seedsText) },
    ...metrics.map((metric) => metricColumn(one, metric)),
  ];
  const together = varying.flatMap(({ path, together }) =>
    together.map((other) => `${other} changes with ${path}: ${valuesText(groups, other)}`),
  );
  const metricCount = one.allMetrics.length - metrics.length;
  return [
    headLine(one),
    ...textTable(columns),
    ...together,
    ...legend(one),
    ...(metricCount > 0 ? [`${metricCount} other metrics: --list-metrics`] : []),
  ];
}

function headLine({ scenario, runs, leftOut, groups, same, mergedOver, by }: ScenarioComparison): string {
  const counted = [
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}${leftOut.length === 0 ? '' : ` and ${leftOut.length} without numbers`}`,
    `${groups.length} ${groups.length === 1 ? 'row' : 'rows'}`,
    by.length === 0 && mergedOver.length === 0
      ? 'no setting differs'
      : `${same.size} settings are the same in all`,
  ];
  return `${scenario}: ${counted.join(', ')}`;
}

/** How many seeds a row has; of how many runs, where others have no numbers or several have one seed. */
function seedsText({ seeds, runs, leftOut }: Group): string {
  const merged = runs.length > seeds.length ? ` in ${runs.length} runs` : '';
  return `${seeds.length}${merged}${leftOut === 0 ? '' : ` (+${leftOut} without)`}`;
}

function metricColumn({ groups, scenario }: ScenarioComparison, metric: string): Column {
  const better = betterOf(scenario, metric);
  const best = bestRows(groups, scenario, metric);
  const texts = groups.map((group, row): [mean: string, rest: string] => {
    const interval = group.interval(metric);
    if (interval === null) return ['-', ''];
    const some = interval.seeds < group.seeds.length ? ` (${interval.seeds} of ${group.seeds.length})` : '';
    const [mean, width] = intervalText(interval).split(' ± ');
    return [mean!, `${width === undefined ? '' : ` ± ${width}`}${some}${best.has(row) ? ' *' : ''}`];
  });
  // Means end in line, so that their sizes can be seen.
  const longest = Math.max(...texts.map(([, rest]) => rest.length));
  const cells = texts.map(([mean, rest]) => mean + rest.padEnd(longest));
  const direction = better === null ? '' : `${better} is better`;
  return { head: [...headOf(metric), direction], align: 'right', cells };
}

/** A metric's name in lines, so that columns stay narrow. */
function headOf(metric: string): string[] {
  const name = metric.startsWith(ofMethods) ? metric.slice(ofMethods.length) : metric;
  const lines = [''];
  for (const part of name.split(/(?=[.[])/)) {
    const line = lines.length - 1;
    if (lines[line] !== '' && lines[line]!.length + part.length > headWidth) lines.push(part);
    else lines[line] += part;
  }
  return lines;
}

/** As wide as a mean with its interval. */
const headWidth = 18;

function legend({ groups, metrics, scenario, mergedOver }: ScenarioComparison): string[] {
  const isMarked = metrics.some((metric) => bestRows(groups, scenario, metric).size > 0);
  const intervals = metrics.flatMap((metric) =>
    groups.flatMap((group) => {
      const interval = group.interval(metric);
      return interval === null ? [] : [{ interval, all: group.seeds.length }];
    }),
  );
  const hasSome = intervals.some(({ interval, all }) => interval.seeds < all);
  const hasWidth = intervals.some(({ interval }) => interval.halfWidth !== null);
  const hasOne = intervals.some(({ interval }) => interval.halfWidth === null);
  return [
    ...(hasWidth ? ["± 95 % confidence interval of the mean over seeds (Student's t)"] : []),
    ...(hasOne ? ['without ±: one seed, which says nothing of the spread over seeds'] : []),
    ...(hasSome
      ? ['(k of n): only k of the n seeds have a number; the others diverged, or do not have this metric']
      : []),
    ...(groups.some(({ leftOut }) => leftOut > 0)
      ? ['(+k without): k runs of this row failed or are unfinished or damaged; the mean is of the others']
      : []),
    ...(isMarked ? ['* the best mean of its column; intervals that overlap leave it open'] : []),
    ...(mergedOver.length > 0 ? [`rows hold runs that differ in ${mergedOver.join(', ')}`] : []),
  ];
}

function valuesText(groups: readonly Group[], path: string): string {
  const texts = [...new Set(groups.map(({ settings }) => settingText(settings.get(path))))];
  const shown = texts.slice(0, 6).map((text) => (text.length > 40 ? `${text.slice(0, 37)}...` : text));
  return shown.join(', ') + (texts.length > 6 ? ', ...' : '');
}

/** The metrics that there are, for people. */
export function metricListText(listed: readonly ListedMetric[]): string {
  const several = new Set(listed.map(({ scenario }) => scenario)).size > 1;
  const column = (head: string, cell: (metric: ListedMetric) => string): Column => ({
    head: [head],
    align: 'left',
    cells: listed.map(cell),
  });
  const lines = textTable([
    ...(several ? [column('scenario', ({ scenario }) => scenario)] : []),
    column('metric', ({ metric }) => metric),
    column('better', ({ better }) => better ?? '-'),
    column('shown', ({ shown }) => (shown ? 'yes' : '')),
  ]);
  return `${lines.join('\n')}\n`;
}
