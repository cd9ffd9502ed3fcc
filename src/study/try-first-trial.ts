import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Interruption, MetaplastError } from '../core/errors';
import type { StudyPlan } from './plan/study-plan';
import { TrialProcess } from './trial/trial-process-handle';

/**
 * Runs the first trial of a plan in a folder that is removed again.
 * @returns How many seconds it took by the clock on the wall, its process's start included.
 * @throws MetaplastError where it fails; Interruption where the signal was aborted.
 */
export async function tryFirstTrial(
  { trials: [trial], ...plan }: StudyPlan,
  workers: number,
  signal: AbortSignal,
): Promise<number> {
  const study = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-dry-run-'));
  const interrupt = (): void => process.interrupt();
  for (const folder of ['claims', 'trials']) fs.mkdirSync(path.join(study, folder));
  const process = new TrialProcess({ study, plan, trial: trial!, attempt: 1, workers }, null);
  signal.addEventListener('abort', interrupt);
  try {
    const { end, seconds } = await process.ended;
    if (end.kind === 'ended') return seconds;
    if (signal.aborted) throw new Interruption({ what: 'The first trial was interrupted' });
    const error = 'error' in end ? end.error : end.kind;
    throw new MetaplastError({ what: `The first trial failed: ${error.replace(/\.$/, '')}` });
  } finally {
    signal.removeEventListener('abort', interrupt);
    fs.rmSync(study, { recursive: true, force: true });
  }
}
