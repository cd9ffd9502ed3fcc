import { textTable } from './compare/text-table';
import type { JournalEntry } from './journal';
import { compareCommandOf, type Study, trialFolder, workCommandOf } from './study-directory';

/** Rows of the table at the end. */
const mostRows = 20;

/** What a study has come to, for programs. */
export interface StudySummary {
  readonly study: string;
  readonly scenario: string;
  readonly trials: number;
  readonly ended: number;
  readonly failed: readonly { readonly trial: number; readonly error: string }[];
  /** Trials that have not ended yet. */
  readonly left: number;
}

export function summarise(
  { directory, plan }: Study,
  settled: ReadonlyMap<number, JournalEntry>,
): StudySummary {
  const ends = [...settled.values()].sort((a, b) => a.trial - b.trial);
  const stopped = ends.filter(({ event }) => event === 'stopped').length;
  const failed = ends
    .filter(({ event }) => event === 'failed')
    .map(({ trial, error = '' }) => ({ trial, error }));
  return {
    study: directory,
    scenario: plan.scenario,
    trials: plan.trials.length,
    ended: ends.length - failed.length - stopped,
    failed,
    left: plan.trials.length - ends.length,
  };
}

/** The same for people: a table of trials, which failed and why, and what to do next. */
export function reportOf(study: Study, settled: ReadonlyMap<number, JournalEntry>): string {
  const { trials, ended, failed, left } = summarise(study, settled);
  const counts = [`${ended} of ${trials} trials have ended`];
  if (failed.length > 0) counts.push(`${failed.length} failed`);
  if (left > 0) counts.push(`${left} are left`);
  const lines = [table(study, settled), '', `${counts.join(', ')}.`];
  for (const { trial, error } of failed)
    lines.push(`  trial ${trial} (${trialFolder(study.directory, trial)}): ${error}`);
  lines.push(
    left === 0
      ? `Compare them:\n  ${compareCommandOf(study.directory)}`
      : `Others work on what is left. Should they be gone:\n  ${workCommandOf(study.directory)}`,
  );
  return lines.join('\n');
}

function table({ plan }: Study, settled: ReadonlyMap<number, JournalEntry>): string {
  const paths = Object.keys(plan.space);
  const rows = plan.trials.slice(0, mostRows).map(({ trial, seed, settings }) => {
    const { event = 'not ended', seconds } = settled.get(trial) ?? {};
    const values = paths.map((path) => JSON.stringify(settings[path]));
    return [trial, seed, ...values, event, seconds === undefined ? '' : seconds.toFixed(1)].map(String);
  });
  const text = alignColumns([['trial', 'seed', ...paths, 'outcome', 'seconds'], ...rows]);
  const more = plan.trials.length - rows.length;
  return more === 0 ? text : `${text}\n... and ${more} more`;
}

/** Rows of cells as lines, each column as wide as its widest cell. */
export function alignColumns([heads, ...rows]: readonly (readonly string[])[]): string {
  const columns = heads!.map((head, column) => ({
    head: [head],
    align: 'right' as const,
    cells: rows.map((row) => row[column]!),
  }));
  return textTable(columns).join('\n');
}
