import type { Comparison } from './comparison';
import { settingText } from './settings';

/** Columns that stand beside settings and metrics. */
const fixed = ['scenario', 'method', 'seeds', 'runs', 'without'] as const;

/**
 * The rows of a comparison as comma-separated values, with all digits: scenario, settings, method, seeds, runs, runs without numbers, and for each
 * metric its mean, the half width of its interval, and how many seeds it is of. A setting that is absent, an interval that is unknown and a mean of nothing are empty
 * cells; text that is empty is `""`.
 */
export function comparisonCsv({ scenarios }: Comparison): string {
  const { unparse } = require('papaparse') as typeof import('papaparse');
  const paths = [...new Set(scenarios.flatMap(({ by }) => by))];
  const metrics = [...new Set(scenarios.flatMap((one) => one.metrics))];
  const fields = [
    'scenario',
    ...paths.map(settingField),
    ...fixed.slice(1),
    ...metrics.flatMap((metric) => [metric, `${metric} halfWidth`, `${metric} seeds`]),
  ];
  const data = scenarios.flatMap(({ scenario, groups }) =>
    groups.map((group) => [
      scenario,
      ...paths.map((path) => (group.settings.has(path) ? settingText(group.settings.get(path)) : '')),
      group.method ?? '',
      group.seeds.length,
      group.runs.length,
      group.leftOut,
      ...metrics.flatMap((metric) => {
        const interval = group.interval(metric);
        return interval === null ? ['', '', 0] : [interval.mean, interval.halfWidth ?? '', interval.seeds];
      }),
    ]),
  );
  return `${unparse({ fields, data }, { newline: '\n' })}\n`;
}

/** A setting's column, which is never called as another one. */
const settingField = (path: string): string =>
  (fixed as readonly string[]).includes(path) ? `setting ${path}` : path;
