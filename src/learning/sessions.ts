import { InputError } from '../core/errors';
import { CountedSession } from '../engine/counted-session';
import type { Engine, Session } from '../engine/engine';
import { checkWorkerCount, threadsFor } from '../engine/worker-limit';
import type { Network } from '../network/network';
import { Population } from '../synapse/population';

/** A session that one task at a time is learned in, and the population that shows its phi. */
export interface ShownSession<Of extends Session = Session> {
  readonly session: Of;
  /** The learner's own population; or one apart, where several tasks or phases are learned at once. */
  readonly population: Population;
}

interface SessionsOptions {
  readonly network: Network;
  readonly engine: Engine;
  readonly workers?: number;
  /** How many things can be learned at the same time: tasks of a meta-batch, or nudged phases of one task. */
  readonly atOnce: number;
}

/** Of each thread: while one is looked at in the main thread, it works on the other. Four were measured, and gained nothing over two. */
const tasksAhead = 2;

/** @throws InputError where there are too many, or the engine cannot use so many threads. */
export function checkWorkers({ engine, workers = 1 }: Pick<SessionsOptions, 'engine' | 'workers'>): void {
  checkWorkerCount('workers', workers);
  if (threadsFor(engine, workers) === workers) return;
  throw new InputError({
    what: `Engine "${engine.name}" works in one thread`,
    got: `${workers} workers`,
    legal: '1',
    advice: 'Take the engine simd, or one worker',
  });
}

/**
 * One session in this thread, which shows what it learns in `own`; or two in each of as many threads as are of use. Threads that are left
 * over help the first one with large batches.
 * @throws InputError as `checkWorkers`.
 */
export async function openSessions(
  { engine, network, workers = 1, atOnce }: SessionsOptions,
  own: Population,
): Promise<readonly ShownSession<CountedSession>[]> {
  checkWorkers({ engine, workers });
  if (workers === 1) return [{ session: new CountedSession(await engine.open(network)), population: own }];
  const sessions = await engine.openSideBySide!(network, Math.min(tasksAhead * workers, atOnce), {
    threads: Math.min(workers, atOnce),
    helpers: workers - 1,
  });
  return sessions.map((session) => ({
    session: new CountedSession(session),
    population: new Population(network.synapse, network.topology),
  }));
}
