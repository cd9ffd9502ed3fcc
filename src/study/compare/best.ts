import type { Group } from './group-runs';
import { type Better, betterOf } from './known-metrics';

/** The rows whose mean of a metric is the best, where it is known which way is better and there is more than one mean to choose from. */
export function bestRows(groups: readonly Group[], scenario: string, metric: string): ReadonlySet<number> {
  const better: Better = betterOf(scenario, metric);
  const means = groups.map((group) => group.interval(metric)?.mean ?? null);
  const known = means.filter((mean) => mean !== null);
  if (better === null || new Set(known).size < 2) return new Set();
  const best = better === 'lower' ? Math.min(...known) : Math.max(...known);
  return new Set(means.flatMap((mean, row) => (mean === best ? [row] : [])));
}
