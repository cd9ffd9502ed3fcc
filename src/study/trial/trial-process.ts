import { guardWrites } from '../../core/durable-file';
import { Claims } from '../claims/claims';
import { claimsFolder } from '../study-directory';
import { runTrial } from './run-trial';
import { lostStatus, type TrialEnd, type TrialOrder } from './trial-message';

/** What a trial's process sends before it ends. */
export interface TrialReport {
  readonly end: TrialEnd;
  /** User and system time of the process. */
  readonly cpuSeconds: number;
  /** Whether it has filled the cache of code, where it was to. */
  readonly isCodeKept: boolean;
}

const controller = new AbortController();
const interrupt = (): void => controller.abort();

/**
 * The process of one trial, started by a worker. It ends with the trial; at the next step, with a checkpoint, when its worker asks for it or is gone; and
 * before it writes anything when its trial was taken over.
 * @param keepCode Keeps the code that it has loaded for the processes after it.
 */
export function awaitOrder(keepCode: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  process.on('disconnect', interrupt);
  process.on('message', (message) => {
    if (message === 'interrupt') interrupt();
    else void work(message as TrialOrder, keepCode);
  });
}

async function work(order: TrialOrder, keepCode: () => void): Promise<void> {
  const { study, trial, attempt } = order;
  process.title = `metaplast trial ${trial.trial}`;
  const claims = new Claims(claimsFolder(study), '');
  guardWrites(() => {
    if (!claims.isHeld({ trial: trial.trial, attempt })) process.exit(lostStatus);
  });
  const end = await runTrial(order, controller.signal);
  // One that its search has stopped has loaded all but what draws.
  report(end, (end.kind === 'ended' || end.kind === 'stopped') && isDone(keepCode));
}

/** Whether it could be done. What is kept of code saves time, and its want is no fault of the trial's. */
function isDone(keepCode: () => void): boolean {
  try {
    keepCode();
    return true;
  } catch {
    return false;
  }
}

function report(end: TrialEnd, isCodeKept: boolean): void {
  const { user, system } = process.cpuUsage();
  const message: TrialReport = { end, cpuSeconds: (user + system) / 1e6, isCodeKept };
  if (!process.connected) process.exit(0);
  // Sent and gone: what a scenario has left open keeps no process alive.
  process.send!(message, () => process.exit(0));
}
