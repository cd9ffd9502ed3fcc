import { Interruption } from '../core/errors';
import { createProgress } from '../run/progress/progress';
import { checkSources } from './check-sources';
import type { JournalEntry } from './journal';
import { outcomesOf } from './outcomes-of';
import { journalOf, type Study, workCommandOf } from './study-directory';
import { Worker, type WorkerOptions } from './worker';

export interface WorkOptions extends Omit<WorkerOptions, 'changed'> {
  readonly quiet: boolean;
}

/**
 * Works on a study with its progress shown, until nothing is left to do.
 * @returns How each trial ended, by its number; of those that others still work on, nothing.
 * @throws Interruption where the signal was aborted before, when every trial that ran here has written its checkpoint; InputError where the scenario was
 * changed since the study began.
 */
export async function workOnStudy(
  study: Study,
  { quiet, ...options }: WorkOptions,
): Promise<ReadonlyMap<number, JournalEntry>> {
  checkSources(study);
  const { directory, plan } = study;
  const before = settledIn(study).size;
  const total = plan.trials.length;
  const mode = quiet ? 'quiet' : 'auto';
  const progress = createProgress({ label: `study ${plan.scenario}, trials`, total, mode, startAt: before });
  const changed: WorkerOptions['changed'] = (settled, line) => {
    if (line !== undefined) progress.say(line);
    progress.update(settled);
  };
  try {
    await new Worker(study, { ...options, changed }).work();
  } finally {
    progress.finish();
  }
  const settled = settledIn(study);
  if (options.signal.aborted && settled.size < total)
    throw new Interruption({
      what: `The study was interrupted after ${settled.size} of ${total} trials; those that ran have written their checkpoints`,
      advice: `Go on with it:\n  ${workCommandOf(directory)}`,
    });
  return settled;
}

/** How trials have ended by now. */
function settledIn({ directory, plan }: Study): ReadonlyMap<number, JournalEntry> {
  const outcomes = outcomesOf(plan);
  outcomes.add(journalOf(directory).news());
  return outcomes.settled;
}
