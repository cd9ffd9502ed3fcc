import type { Comparison } from './comparison';
import type { Group } from './group-runs';
import { betterOf } from './known-metrics';
import type { ScenarioComparison } from './scenario-comparison';
import type { Settings } from './settings';

/** A comparison as a JSON document: everything, with every metric, as the runs have the numbers. */
export function comparisonJson({ scenarios, leftOut, warnings }: Comparison): unknown {
  return {
    scenarios: scenarios.map(scenarioJson),
    leftOut: leftOut.map(({ directory, state, reason, run }) => ({
      directory,
      state,
      reason,
      scenario: run?.scenario ?? null,
      seed: run?.seed ?? null,
    })),
    warnings,
  };
}

function scenarioJson(one: ScenarioComparison) {
  const { scenario, runs, differing, same, by, mergedOver, groups, metrics, allMetrics } = one;
  return {
    scenario,
    /** A setting that an entry of `rows` or `runs` does not name is absent there. */
    settings: { differing, same: plain(same), by, mergedOver },
    metrics: {
      shown: metrics,
      better: Object.fromEntries(allMetrics.map((name) => [name, betterOf(scenario, name)])),
    },
    rows: groups.map((group) => rowJson(group, allMetrics)),
    runs: runs.map(({ directory, seed, settings, origin, measured }) => ({
      directory,
      seed,
      preset: origin.get('--preset') ?? null,
      version: origin.get('--version') ?? null,
      settings: plain(new Map([...settings].filter(([path]) => !same.has(path)))),
      methods: measured.map(({ method, failure, metrics: numbers }) => ({
        method,
        failure,
        metrics: plain(numbers),
      })),
    })),
  };
}

function rowJson(group: Group, metrics: readonly string[]) {
  const { settings, method, seeds, runs, leftOut } = group;
  const intervals = metrics.flatMap((metric) => {
    const interval = group.interval(metric);
    if (interval === null) return [];
    const values = group.values(metric);
    return [[metric, { ...interval, values }] as const];
  });
  return {
    settings: plain(settings),
    method,
    seeds,
    runs: runs.map(({ directory }) => directory),
    without: leftOut,
    metrics: Object.fromEntries(intervals),
  };
}

const plain = (settings: Settings) => Object.fromEntries(settings);
