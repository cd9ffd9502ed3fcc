import { InputError } from '../../core/errors';
import { findRuns } from './find-runs';
import { betterOf, chosenMetrics, likelyMetrics } from './known-metrics';
import { chooseMetrics, matchMetrics } from './match-metrics';
import { seedPath } from './name-setting';
import { type DescribedRun, isCompared, readRun } from './read-run';
import { canonical, pathsOf } from './settings';

/** A setting that two runs do not share. Of one where it is absent, there is no `value`. */
interface SettingDifference {
  readonly path: string;
  readonly a: { readonly value?: unknown };
  readonly b: { readonly value?: unknown };
}

/** A metric of two runs; null where a run has no such number. */
export interface MetricPair {
  readonly metric: string;
  readonly method: string | null;
  readonly a: number | null;
  readonly b: number | null;
  readonly better: 'lower' | 'higher' | null;
}

/** What two runs differ in. */
export interface RunDifference {
  readonly a: string;
  readonly b: string;
  readonly settings: readonly SettingDifference[];
  readonly same: number;
  readonly metrics: readonly MetricPair[];
  readonly warnings: readonly string[];
}

/**
 * What differs between two runs' settings, and their metrics side by side: those that patterns name, or what matters of their scenarios.
 * @throws InputError unless the paths stand for two runs whose settings can be read.
 */
export function diffRuns(paths: readonly string[], patterns: readonly string[] = []): RunDifference {
  if (paths.length !== 2)
    throw new InputError({ what: '--diff takes two runs', got: paths.length, legal: '2 run directories' });
  const [first, second] = paths.map(oneRun);
  const [a, b] = [first!, second!].map(described);
  const all = pathsOf([everything(a!), everything(b!)]);
  const differing = all.filter(
    (path) => canonical(everything(a!).get(path)) !== canonical(everything(b!).get(path)),
  );
  const side = (run: DescribedRun, path: string) => {
    const values = everything(run);
    return values.has(path) ? { value: values.get(path) } : {};
  };
  return {
    a: a!.directory,
    b: b!.directory,
    settings: differing.map((path) => ({ path, a: side(a!, path), b: side(b!, path) })),
    same: all.length - differing.length,
    metrics: pairs(first!, second!, patterns),
    warnings: [first!, second!].flatMap((run) =>
      isCompared(run)
        ? run.note === null
          ? []
          : [`"${run.directory}": ${run.note}`]
        : [`"${run.directory}" has no numbers: it is ${run.state}: ${run.reason}`],
    ),
  };
}

type Read = ReturnType<typeof readRun>;

function oneRun(given: string): Read {
  const { directories } = findRuns([given]);
  if (directories.length === 1) return readRun(directories[0]!);
  throw new InputError({
    what: `--diff takes one run in each place, and "${given}" holds ${directories.length}`,
    advice: `Name one of them, such as ${directories[0]}`,
  });
}

function described(run: Read): DescribedRun {
  if (isCompared(run)) return run;
  if (run.run !== null) return run.run;
  throw new InputError({ what: `The settings of "${run.directory}" cannot be read: ${run.reason}` });
}

/** All that is known of how a run was made. */
function everything({ scenario, seed, settings, origin }: DescribedRun): Map<string, unknown> {
  return new Map<string, unknown>([['--run', scenario], [seedPath, seed], ...origin, ...settings]);
}

function pairs(first: Read, second: Read, patterns: readonly string[]): MetricPair[] {
  const [a, b] = [first, second].map((run) => (isCompared(run) ? run : { scenario: '', measured: [] }));
  const numbers = [a!, b!].flatMap(({ measured }) => measured.flatMap(({ metrics }) => [...metrics]));
  const names = [...new Set(numbers.flatMap(([name, value]) => (value === null ? [] : [name])))];
  const scenario = a!.scenario || b!.scenario;
  const known = chosenMetrics(scenario)?.flatMap((pattern) => matchMetrics(pattern, names)) ?? [];
  const standard = known.length > 0 ? known : likelyMetrics(scenario, names);
  const shown = patterns.length > 0 ? chooseMetrics(patterns, names) : [...new Set(standard)];
  const methods = [...new Set([a!, b!].flatMap(({ measured }) => measured.map(({ method }) => method)))];
  return methods.flatMap((method) =>
    shown.flatMap((metric) => {
      const [left, right] = [a!, b!].map(
        ({ measured }) => measured.find((one) => one.method === method)?.metrics.get(metric) ?? null,
      );
      const none = left === null && right === null;
      return none ? [] : [{ metric, method, a: left!, b: right!, better: betterOf(scenario, metric) }];
    }),
  );
}
