import type { Observer } from 'rxjs';
import {
  ClosedError,
  DivergenceError,
  InputError,
  Interruption,
  NoExactGradientError,
  UnstableNeuronsError,
} from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import type { Network } from '../network/network';
import type { Quantities } from '../synapse/rule-executor';
import { type BadEpisode, type Episode, isBad } from '../tasks/task-stream';
import { checkTaskFits } from './check-task-fits';
import type { SimulationEvent } from './events';
import type { EpisodeResult, MetaLearner } from './meta-learner';
import type { ShownSession } from './sessions';

/** What became of one episode: what it gave, or why it cannot be learned from. */
export type Learned = { readonly result: EpisodeResult } | Trouble;

/** Why an episode is skipped. */
export interface Trouble {
  readonly problem: Error;
  readonly name: string;
}

/** Where an episode is learned, from what, and who hears of it. */
export interface EpisodePlace extends ShownSession {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly slow: Quantities;
  /** phi at the start of a task. */
  readonly start: Float64Array;
  readonly listener: Pick<Observer<SimulationEvent>, 'next'>;
  readonly signal: AbortSignal;
  readonly beside?: readonly ShownSession[];
}

/** Why an episode cannot be learned from, as far as can be seen before; null where nothing is wrong. */
export function troubleWith(episode: Episode | BadEpisode, network: Network): Trouble | null {
  const name = `task ${episode.index}`;
  if (isBad(episode)) return { problem: episode.problem, name };
  try {
    checkTaskFits(network, episode);
    return null;
  } catch (error) {
    if (error instanceof InputError) return { problem: error, name };
    throw error;
  }
}

/**
 * Learns one episode.
 * @throws Interruption where the signal is aborted; what else its method throws, with the task's number.
 */
export async function learnEpisode(episode: Episode, place: EpisodePlace): Promise<Learned> {
  const { learner, start, signal, ...given } = place;
  checkNotInterrupted(signal);
  try {
    return { result: await learner.learn({ ...given, episode, signal, start: start.slice() }) };
  } catch (error) {
    if (error instanceof DivergenceError || error instanceof NoExactGradientError || isOfThisTask(error))
      return { problem: error, name: episode.name };
    throw atTask(error, episode);
  }
}

/** Whether neurons did not settle because of what this task has made of the weights. Where they do not before its first step, they would in no task. */
function isOfThisTask(error: unknown): error is UnstableNeuronsError {
  if (!(error instanceof UnstableNeuronsError) || error.moment === null) return false;
  return error.moment.step > 0 || error.moment.beta !== 0;
}

/** The same error, whose message says in which task. */
function atTask(error: unknown, { index, name }: Episode): unknown {
  if (!(error instanceof Error) || error instanceof Interruption || error instanceof ClosedError)
    return error;
  error.message = `Task ${index}, "${name}": ${error.message}`;
  return error;
}
