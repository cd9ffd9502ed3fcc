import { formatDuration } from '../run/progress/progress-line';
import type { StudyPlan } from './plan/study-plan';
import { alignColumns } from './study-report';

/** Trials that are shown. */
const shown = 5;

/** How many trials a plan has, and the first of them. */
export function firstTrials({ scenario, preset, seeds, space, trials }: StudyPlan): string {
  const paths = Object.keys(space);
  const rows = trials
    .slice(0, shown)
    .map(({ trial, seed, settings }) => [
      String(trial),
      String(seed),
      ...paths.map((path) => JSON.stringify(settings[path])),
    ]);
  const cells = trials.length / seeds.length;
  const counts = `${trials.length} trials of ${scenario}, preset ${preset}: ${cells} of settings, ${seeds.length} of seeds.`;
  const more = trials.length - rows.length;
  return [
    counts,
    alignColumns([['trial', 'seed', ...paths], ...rows]),
    ...(more > 0 ? [`... and ${more} more`] : []),
  ].join('\n');
}

/** How long all would take, where each takes as long as the first. */
export function howLong(first: number, inAll: number, jobs: number): string {
  const each = first < 60 ? `${first.toFixed(1)} s` : formatDuration(first);
  return `The first took ${each}; where each takes as long, with ${jobs} at a time all take about ${formatDuration(inAll)}. Nothing was kept.`;
}
