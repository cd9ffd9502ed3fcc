import { checkWorkerCount } from '../engine/worker-limit';
import { beginAgain, openOrLost, type ResumeOptions } from './begin-again';
import { lockRunDirectory } from './directory/run-directory';
import type { RunFiles } from './directory/run-files';
import { usableCheckpoint } from './directory/usable-checkpoint';
import { checkShares, type FinishedRun, workIn } from './run-scenario';

/**
 * Goes on with an interrupted run, to the same bytes as if it had never stopped. A finished one is left as it is; what is damaged of
 * it is made again from its last checkpoint, where that can be.
 * @throws InputError where the directory is no run, or its settings, its scenario or its arithmetic are not as they were; CheckpointError
 * where no checkpoint of it can be used.
 */
export async function resumeRun(directory: string, options: ResumeOptions): Promise<FinishedRun> {
  checkWorkerCount('workers', options.workers ?? 1);
  const { files } = openOrLost(directory);
  const finished = files === null ? null : finishedRun(files, options.warn);
  if (finished !== null) return finished;
  const unlock = lockRunDirectory(directory);
  try {
    const beginning = await beginAgain(directory, options);
    try {
      if (options.host !== undefined) checkShares(beginning.scenario, options.host.inWords);
      return await workIn(beginning, options);
    } finally {
      beginning.release();
    }
  } finally {
    unlock();
  }
}

/** What a finished run came to; null for one that is not finished, or of which something can be made again. */
function finishedRun(files: RunFiles, warn: ResumeOptions['warn']): FinishedRun | null {
  const { directory, manifest } = files;
  if (manifest.state !== 'finished') return null;
  const damages = files.damages();
  const newest = files.list(/^checkpoints\//).at(-1);
  const isNeeded = (file: string) => !standsAlone.test(file) || file === newest;
  if (damages.some(({ file }) => isNeeded(file)) && canGoOn(files)) return null;
  const summary = JSON.parse(files.read('summary.json').toString('utf8'));
  const report = files.read('report.txt').toString('utf8').trimEnd();
  for (const damage of damages) warn(`warning: ${files.refusal(damage).message}`);
  return { summary, report, failure: summary.failure, directory, alreadyComplete: true };
}

/** Files without which nothing need be worked out again; of the checkpoints, all but the newest. */
const standsAlone = /^(timing\.json$|scenario\/|checkpoints\/|plots\/.+\.(csv|svg|png)$)/;

function canGoOn({ directory, manifest }: RunFiles): boolean {
  try {
    return usableCheckpoint(directory, manifest) !== null;
  } catch {
    return false;
  }
}
