import { InputError } from '../core/errors';
import type { Engine } from './engine';

/** The most threads that may learn at the same time. */
export const mostWorkers = 64;

/** Measured: docs/decisions/0022-threads.md. */
const reason =
  'Each takes nine megabytes and a tenth of a second of the processor to start, and more of them than there are processors ' +
  'only wait for each other';

/** @throws InputError unless it is a whole number of threads from `least` to 64. */
export function checkWorkerCount(name: string, count: number, least = 1): number {
  if (Number.isSafeInteger(count) && count >= least && count <= mostWorkers) return count;
  throw new InputError({
    what: `${name} must be a whole number of threads`,
    got: count,
    legal: `${least} to ${mostWorkers}`,
    advice: reason,
  });
}

/** Of so many threads, those that an engine can use for a single task: one, where it works in one thread. */
export function threadsFor({ openSideBySide }: Pick<Engine, 'openSideBySide'>, workers: number): number {
  return openSideBySide === undefined ? 1 : workers;
}
