import { lastValueFrom, take, toArray } from 'rxjs';
import { DivergenceError, InputError, NoExactGradientError } from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import { runConcurrently } from '../core/run-concurrently';
import type { CountedSession } from '../engine/counted-session';
import type { Network } from '../network/network';
import type { Population } from '../synapse/population';
import type { Quantities } from '../synapse/rule-executor';
import { type BadEpisode, type Episode, isBad, type TaskStream } from '../tasks/task-stream';
import { checkTaskFits } from './check-task-fits';
import { EventBuffer } from './event-buffer';
import type { SimulationEvent } from './events';
import type { EpisodeResult, MetaLearner } from './meta-learner';
import type { ShownSession } from './sessions';

/** What became of one episode: what it gave, or why it cannot be learned from. */
export type Outcome = { readonly buffer?: EventBuffer | null } & (
  | { readonly result: EpisodeResult }
  | { readonly problem: Error; readonly name: string }
);

export interface MetaBatchOptions {
  readonly network: Network;
  readonly learner: MetaLearner;
  /** That hold the slow variables. */
  readonly sessions: readonly ShownSession<CountedSession>[];
  /** The learner's own population, in which events are shown as they happen. */
  readonly population: Population;
  readonly slow: Quantities;
  /** phi at the start of a task. */
  readonly start: Float64Array;
  readonly listener: { next(event: SimulationEvent): void };
  /** Whether anybody hears it. */
  readonly heard: boolean;
  /** Tasks of a whole meta-batch: where that is one, its nudged phases are learned side by side. */
  readonly batch: number;
  readonly signal: AbortSignal;
}

/** The next episodes of a stream, good and bad; fewer where it ends. */
export function drawEpisodes(stream: TaskStream, count: number): Promise<(Episode | BadEpisode)[]> {
  return lastValueFrom(stream.episodes$.pipe(take(count), toArray()));
}

/**
 * Learns episodes, shared out among the sessions; gives what became of each, in their order.
 * @throws Interruption where the signal is aborted.
 */
export function learnMetaBatch(
  episodes: readonly (Episode | BadEpisode)[],
  options: MetaBatchOptions,
): Promise<Outcome[]> {
  return runConcurrently(episodes, options.sessions, (episode, shown) =>
    learnEpisode(episode, shown, options),
  );
}

/** Learns one episode in one session; what is wrong with it, where it cannot be learned from. */
async function learnEpisode(
  episode: Episode | BadEpisode,
  shown: ShownSession,
  options: MetaBatchOptions,
): Promise<Outcome> {
  const { network, learner, sessions, slow, start, heard, batch, signal } = options;
  checkNotInterrupted(signal);
  const name = `task ${episode.index}`;
  if (isBad(episode)) return { problem: episode.problem, name };
  const misfit = misfitOf(network, episode);
  if (misfit !== null) return { problem: misfit, name };
  const { session, population } = shown;
  const alone = population === options.population;
  const buffer = alone ? null : new EventBuffer(population, heard);
  const listener = buffer ?? options.listener;
  const beside = batch === 1 ? sessions.slice(1) : [];
  try {
    const given = { network, session, episode, population, slow, listener, signal, beside };
    return { result: await learner.learn({ ...given, start: start.slice() }), buffer };
  } catch (error) {
    if (!(error instanceof DivergenceError || error instanceof NoExactGradientError)) throw error;
    return { problem: error, name: episode.name, buffer };
  } finally {
    buffer?.end();
  }
}

/** Why an episode does not fit the network; null where it does. */
function misfitOf(network: Network, episode: Episode): InputError | null {
  try {
    checkTaskFits(network, episode);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
