import { checkNotInterrupted } from '../core/interruption';
import { runConcurrently } from '../core/run-concurrently';
import { lastValueFrom, take, toArray } from '../core/rxjs-parts';
import { type CountedSession, type Work, workOf, workSince } from '../engine/counted-session';
import type { Population } from '../synapse/population';
import type { BadEpisode, Episode, TaskStream } from '../tasks/task-stream';
import { EventBuffer, type EventRecord, type Reads } from './event-buffer';
import { type EpisodePlace, type Learned, learnEpisode, troubleWith } from './learn-episode';
import type { ShownSession } from './sessions';

/** What became of one episode, and what it reported, where that has not been heard yet. */
export type Outcome = Learned & { readonly record?: EventRecord | null };

/** What became of all episodes, and what was worked out for them. */
export interface MetaBatch {
  readonly outcomes: readonly Outcome[];
  readonly work: Work;
}

export interface MetaBatchOptions extends Omit<EpisodePlace, 'session' | 'population' | 'beside'> {
  /** That hold the slow variables. */
  readonly sessions: readonly ShownSession<CountedSession>[];
  /** The learner's own population, in which events are shown as they happen. */
  readonly population: Population;
  readonly reads: Reads;
  /** Tasks of a whole meta-batch: where that is one, its nudged phases are learned side by side. */
  readonly batch: number;
}

/** The next episodes of a stream, good and bad; fewer where it ends. */
export function drawEpisodes(stream: TaskStream, count: number): Promise<(Episode | BadEpisode)[]> {
  return lastValueFrom(stream.episodes$.pipe(take(count), toArray()));
}

/**
 * Learns episodes one after the other; gives what became of each, in their order.
 * @throws Interruption where the signal is aborted.
 */
export async function learnMetaBatch(
  episodes: readonly (Episode | BadEpisode)[],
  options: MetaBatchOptions,
): Promise<MetaBatch> {
  const { sessions } = options;
  const before = workOf(sessions);
  const learn = (episode: Episode | BadEpisode, shown: ShownSession) => learnIn(shown, episode, options);
  const outcomes = await runConcurrently(episodes, sessions, learn);
  return { outcomes, work: workSince(before, sessions) };
}

/** Learns one episode in one session. */
async function learnIn(
  { session, population }: ShownSession,
  episode: Episode | BadEpisode,
  options: MetaBatchOptions,
): Promise<Outcome> {
  const { network, learner, sessions, slow, start, reads, batch, signal } = options;
  checkNotInterrupted(signal);
  const trouble = troubleWith(episode, network);
  if (trouble !== null) return trouble;
  const buffer = population === options.population ? null : new EventBuffer(population, reads);
  const listener = buffer ?? options.listener;
  const beside = batch === 1 ? sessions.slice(1) : [];
  const place = { network, learner, session, population, slow, start, listener, signal, beside };
  const learned = await learnEpisode(episode as Episode, place);
  return { ...learned, record: buffer?.end() };
}
