import type { Comparison } from './comparison';
import { type Better, betterOf } from './known-metrics';

/** A metric that `--metric` takes. */
export interface ListedMetric {
  readonly metric: string;
  readonly scenario: string;
  readonly better: Better;
  /** Whether it is shown where none is asked for. */
  readonly shown: boolean;
  /** In how many rows it is a number. */
  readonly rows: number;
}

/** Every metric of some runs. */
export function metricList({ scenarios }: Comparison): ListedMetric[] {
  return scenarios.flatMap(({ scenario, allMetrics, metrics, groups }) =>
    allMetrics.map((metric) => ({
      metric,
      scenario,
      better: betterOf(scenario, metric),
      shown: metrics.includes(metric),
      rows: groups.filter((group) => group.interval(metric) !== null).length,
    })),
  );
}
