import type { Metrics } from './metrics';
import { settingOf } from './name-setting';
import type { ComparedRun, DescribedRun, LeftOutRun } from './read-run';
import { meanOf, type SeedInterval, seedInterval } from './seed-interval';
import { canonical, compareSettings, type Settings } from './settings';

/** Runs that have the same settings but for the seed, and what one method came to in them. */
export interface Group {
  /** Its values of the settings by which runs were grouped; what is absent is not there. */
  readonly settings: Settings;
  /** null where runs have no methods. */
  readonly method: string | null;
  /** Of its runs, each once, in order. */
  readonly seeds: readonly number[];
  readonly runs: readonly ComparedRun[];
  /** Runs of these settings that have no numbers, of this method. */
  readonly leftOut: number;
  /** A metric's values, one for each seed that has a number. */
  values(metric: string): readonly SeedValue[];
  /** Mean and interval over seeds; null where no seed has a number. */
  interval(metric: string): SeedInterval | null;
}

/** What a metric is for one seed: the mean of the group's runs with that seed. */
interface SeedValue {
  readonly seed: number;
  readonly value: number;
}

interface Part {
  readonly settings: Settings;
  readonly method: string | null;
  readonly members: { readonly run: ComparedRun; readonly metrics: Metrics }[];
  leftOut: number;
}

/**
 * Groups runs of one scenario by what they have at some paths, and by method. A seed counts once, however many runs have it: runs with the same seed are not
 * independent.
 * @param paths Settings by which they are grouped.
 * @returns In the order of the settings' values, then of the methods' names.
 */
export function groupRuns(
  runs: readonly ComparedRun[],
  leftOut: readonly LeftOutRun[],
  paths: readonly string[],
): Group[] {
  const parts = new Map<string, Part>();
  const partOf = (run: DescribedRun, method: string | null): Part => {
    const settings = new Map(
      paths.flatMap((path) => {
        const value = settingOf(run, path);
        return value === undefined ? [] : [[path, value] as const];
      }),
    );
    const key = canonical([paths.map((path) => canonical(settings.get(path))), method]);
    const found = parts.get(key) ?? { settings, method, members: [], leftOut: 0 };
    parts.set(key, found);
    return found;
  };
  for (const run of runs) {
    for (const { method, metrics, failure } of run.measured) {
      const part = partOf(run, method);
      if (failure === null) part.members.push({ run, metrics });
      else part.leftOut++;
    }
  }
  const methods = [...new Set(runs.flatMap(({ measured }) => measured.map(({ method }) => method)))];
  for (const { run } of leftOut) {
    if (run !== null) for (const method of methodsMeant(run, methods)) partOf(run, method).leftOut++;
  }
  return [...parts.values()].map(groupFrom).sort((a, b) => inOrder(a, b, paths));
}

/** The methods that a run without a summary would have had numbers of. */
function methodsMeant(run: DescribedRun, methods: readonly (string | null)[]): readonly (string | null)[] {
  const asked = run.settings.get('method');
  const named = methods.filter((method) => method !== null);
  if (named.length === 0) return [null];
  if (typeof asked !== 'string') return named;
  return asked === 'all' ? named : asked.split(',').map((word) => word.trim());
}

function groupFrom({ settings, method, members, leftOut }: Part): Group {
  const bySeed = new Map<number, Metrics[]>();
  for (const { run, metrics } of members) bySeed.set(run.seed, [...(bySeed.get(run.seed) ?? []), metrics]);
  const seeds = [...bySeed.keys()].sort((a, b) => a - b);
  const values = (metric: string): SeedValue[] =>
    seeds.flatMap((seed) => {
      const found = bySeed.get(seed)!.map((metrics) => metrics.get(metric) ?? null);
      const numbers = found.filter((value) => value !== null).sort((a, b) => a - b);
      // The mean of some of a seed's runs would be of other settings than other seeds' are.
      return numbers.length < found.length ? [] : [{ seed, value: seedMean(numbers) }];
    });
  const intervals = new Map<string, SeedInterval | null>();
  return {
    settings,
    method,
    seeds,
    runs: members.map(({ run }) => run),
    leftOut,
    values,
    interval(metric) {
      let found = intervals.get(metric);
      if (found === undefined) {
        const numbers = values(metric).map(({ value }) => value);
        found = numbers.length === 0 ? null : seedInterval(numbers);
        intervals.set(metric, found);
      }
      return found;
    },
  };
}

/** Of a seed that was run again to the same number: that number, to the last bit. */
function seedMean(sorted: readonly number[]): number {
  return sorted[0] === sorted.at(-1) ? sorted[0]! : meanOf(sorted);
}

function inOrder(a: Group, b: Group, paths: readonly string[]): number {
  for (const path of paths) {
    const order = compareSettings(a.settings.get(path), b.settings.get(path));
    if (order !== 0) return order;
  }
  return compareSettings(a.method ?? undefined, b.method ?? undefined);
}
