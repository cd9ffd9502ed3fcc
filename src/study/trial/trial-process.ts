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
}

/*
 * The process of one trial, started by a worker. It ends with the trial; at the next step, with a checkpoint, when its worker asks for it or is gone; and
 * before it writes anything when its trial was taken over.
 */
const controller = new AbortController();
const interrupt = (): void => controller.abort();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
process.on('disconnect', interrupt);
process.on('message', (message) => {
  if (message === 'interrupt') interrupt();
  else void work(message as TrialOrder);
});

async function work(order: TrialOrder): Promise<void> {
  const { study, trial, attempt } = order;
  process.title = `metaplast trial ${trial.trial}`;
  const claims = new Claims(claimsFolder(study), '');
  guardWrites(() => {
    if (!claims.isHeld({ trial: trial.trial, attempt })) process.exit(lostStatus);
  });
  report(await runTrial(order, controller.signal));
}

function report(end: TrialEnd): void {
  const { user, system } = process.cpuUsage();
  const message: TrialReport = { end, cpuSeconds: (user + system) / 1e6 };
  if (!process.connected) process.exit(0);
  // Sent and gone: what a scenario has left open keeps no process alive.
  process.send!(message, () => process.exit(0));
}
