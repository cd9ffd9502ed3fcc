import { importanceText } from '../../importance/importance-text';
import { compareCommandOf, type Study, trialFolder, workCommandOf } from '../../study-directory';
import { alignColumns, type StudySummary } from '../../study-report';
import { rerunCommandOf } from './rerun-command';
import type { SearchSummary } from './search-summary';

/** Rows of the table of the best. */
const mostRows = 10;

/** What a search has come to, for people: the best, who was stopped where, what that saved, and what to do next. */
export function searchReport(
  study: Study,
  { failed, left, trials }: StudySummary,
  summary: SearchSummary,
): string {
  const { best, search } = summary;
  const lines = [
    ...(best.length === 0 ? ['No trial has come to its end.'] : [tableOf(study, best, search.metric)]),
    '',
    `${countsOf(summary, trials, failed.length, left)}.`,
    ...savedLine(summary),
    ...failed.map(({ trial, error }) => `  trial ${trial} failed: ${inShort(error)}`),
  ];
  const { importance } = summary;
  if (importance !== null)
    lines.push('', importanceText(importance, `${search.metric} at meta-step ${importance.metaStep}`), '');
  const [winner] = best;
  if (winner !== undefined)
    lines.push(
      `The best is trial ${winner.trial}, ${trialFolder(study.directory, winner.trial)}. It was chosen by its ${search.metric}, so that this flatters it; try it with other seeds:`,
      `  ${rerunCommandOf(study.plan, winner)}`,
    );
  lines.push(
    left === 0
      ? `Compare those that ended:\n  ${compareCommandOf(study.directory)}`
      : `Others work on what is left. Should they be gone:\n  ${workCommandOf(study.directory)}`,
  );
  return lines.join('\n');
}

function tableOf({ plan }: Study, best: SearchSummary['best'], metric: string): string {
  const paths = Object.keys(plan.space);
  const rows = best
    .slice(0, mostRows)
    .map(({ trial, seed, settings, value, metaStep }) => [
      String(trial),
      String(seed),
      ...paths.map((path) => JSON.stringify(settings[path])),
      value === null ? 'no number' : value.toPrecision(6),
      String(metaStep ?? ''),
    ]);
  const text = alignColumns([['trial', 'seed', ...paths, metric, 'metaStep'], ...rows]);
  const more = best.length - rows.length;
  return more === 0 ? text : `${text}\n... and ${more} more that ended`;
}

function countsOf({ best, stopped, promoted }: SearchSummary, trials: number, failed: number, left: number) {
  const count = stopped.reduce((sum, at) => sum + at.trials, 0);
  const rungs = stopped.map((at) => `${at.trials} at meta-step ${at.rung}`).join(', ');
  return [
    `${best.length} of ${trials} trials have come to their ends`,
    ...(count === 0 ? [] : [`${count} were stopped (${rungs})`]),
    ...(promoted === 0 ? [] : [`${promoted} times one that was stopped went on after all`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(left === 0 ? [] : [`${left} are left`]),
  ].join('; ');
}

function savedLine({ metaSteps: { taken, toTheEnd, saved } }: SearchSummary): string[] {
  if (toTheEnd === null || toTheEnd === 0) return [];
  const share = Math.round((100 * saved!) / toTheEnd);
  return [
    `${taken} meta-steps were taken, of ${toTheEnd} with every trial run to its end: ${share} % saved.`,
  ];
}

/** Of errors, which may advise at length, the beginning; the journal has all. */
const inShort = (error: string): string => (error.length > 120 ? `${error.slice(0, 117)}...` : error);
