import { type Group, groupRuns } from './group-runs';
import { nameSetting } from './name-setting';
import type { ComparedRun, LeftOutRun } from './read-run';
import { differingPaths, type Settings } from './settings';

/** Runs of one scenario, compared. */
export interface ScenarioComparison {
  readonly scenario: string;
  readonly runs: readonly ComparedRun[];
  readonly leftOut: readonly LeftOutRun[];
  /** Settings that differ between runs; the seed is not among them. */
  readonly differing: readonly string[];
  /** Settings that are the same in all. */
  readonly same: Settings;
  /** Settings by which runs are grouped. */
  readonly by: readonly string[];
  /** Settings that differ within groups. */
  readonly mergedOver: readonly string[];
  readonly groups: readonly Group[];
  /** Every metric that is a number in any run, by name. */
  readonly allMetrics: readonly string[];
  /** Those that are shown. */
  readonly metrics: readonly string[];
}

/** Compares the runs of one scenario; which metrics are shown is said later. */
export function compareScenario(
  scenario: string,
  all: readonly ComparedRun[],
  leftOut: readonly LeftOutRun[],
  { groupBy, method }: { groupBy?: readonly string[]; method: (name: string | null) => boolean },
): ScenarioComparison {
  const runs = all.map((run) => ({ ...run, measured: run.measured.filter((one) => method(one.method)) }));
  const described = [...runs, ...leftOut.flatMap(({ run }) => (run === null ? [] : [run]))];
  const settings = described.map((run) => run.settings);
  // Which methods were asked for is what rows are of; each learns the same, whichever others learn beside it.
  const rowsAreMethods = runs.some(({ measured }) => measured.some((one) => one.method !== null));
  const differing = differingPaths(settings).filter((path) => !(rowsAreMethods && path === 'method'));
  const names = groupBy?.filter((name) => name !== 'scenario' && !(rowsAreMethods && name === 'method'));
  const by = [...new Set(names?.map((name) => nameSetting(name, described)) ?? differing)];
  const same = new Map(
    [...(settings[0] ?? [])].filter(
      ([path]) => !differing.includes(path) && !(rowsAreMethods && path === 'method'),
    ),
  );
  const mergedOver = differing.filter((path) => !by.includes(path));
  const groups = groupRuns(runs, leftOut, by).filter((group) => method(group.method));
  const allMetrics = numericMetrics(runs);
  return { scenario, runs, leftOut, differing, same, by, mergedOver, groups, allMetrics, metrics: [] };
}

/** Metrics that are a number in any run. */
function numericMetrics(runs: readonly ComparedRun[]): string[] {
  const found = new Set<string>();
  for (const { measured } of runs) {
    for (const { metrics } of measured)
      for (const [name, value] of metrics) if (value !== null) found.add(name);
  }
  return [...found].sort(byName);
}

/** `steps=2` before `steps=10`. */
export const byName = new Intl.Collator('en', { numeric: true }).compare;
