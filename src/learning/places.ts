import { wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import { CountedSession, type Work } from '../engine/counted-session';
import type { Engine } from '../engine/engine';
import type { Network } from '../network/network';
import { Population } from '../synapse/population';

/** Where one task at a time is learned. */
export interface Place {
  readonly session: CountedSession;
  /** Where its phi is shown: the learner's own population, or one apart where several tasks are learned at once. */
  readonly population: Population;
}

interface PlacesOptions {
  readonly network: Network;
  readonly engine: Engine;
  readonly workers?: number;
}

/** @throws InputError where the engine cannot learn so many tasks at the same time. */
export function checkWorkers({ engine, workers = 1 }: PlacesOptions): void {
  wholeNumber('workers', workers, 1);
  if (workers === 1 || engine.openSideBySide !== undefined) return;
  throw new InputError({
    what: `Engine "${engine.name}" learns one task at a time`,
    got: `${workers} workers`,
    legal: '1',
    advice: 'Take the engine simd, or one worker',
  });
}

/** One place in this thread, which shows its tasks in `own`; or one for each worker, after `checkWorkers`. */
export async function openPlaces(
  { engine, network, workers = 1 }: PlacesOptions,
  own: Population,
): Promise<readonly Place[]> {
  if (workers === 1) return [{ session: new CountedSession(await engine.open(network)), population: own }];
  const sessions = await engine.openSideBySide!(network, workers);
  return sessions.map((session) => ({
    session: new CountedSession(session),
    population: new Population(network.synapse, network.topology),
  }));
}

/** What was worked out at all places so far. */
export function workOf(places: readonly Place[]): Work {
  const sum = (of: keyof Work) => places.reduce((total, { session }) => total + session.work[of], 0);
  return { gradients: sum('gradients'), hessianVectors: sum('hessianVectors') };
}

export function workSince(before: Work, places: readonly Place[]): Work {
  const { gradients, hessianVectors } = workOf(places);
  return {
    gradients: gradients - before.gradients,
    hessianVectors: hessianVectors - before.hessianVectors,
  };
}
