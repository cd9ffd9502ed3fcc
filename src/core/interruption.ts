import { Interruption } from './errors';

/** What a run ends with once its signal is aborted. */
export const interrupted = (): Interruption => new Interruption({ what: 'The run was interrupted' });

/** @throws Interruption where the signal is aborted. */
export function checkNotInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}
