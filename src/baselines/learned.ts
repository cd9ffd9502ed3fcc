import type { EpisodeContext, EpisodeResult } from '../learning/meta-learner';
import { runningStatistics } from '../network/running-statistics';
import { type Adaptation, adapt } from './adapt';
import { type MinimumOptions, newtonMinimum } from './newton-minimum';

/** What learning a task has come to, for a method that then asks what the slow variables should be. */
type Learned = Pick<EpisodeResult, 'heldOutLoss' | 'runningStatistics'> & { readonly phi: Float64Array };

/** How a method with the penalty learns a task: for some steps, and from there on to the minimum itself where that is asked for. */
export interface PenalisedAdaptation extends Omit<Adaptation, 'penalty'> {
  readonly minimum?: MinimumOptions | undefined;
}

/** Learns the task with the penalty, and leaves the session at its end. @throws as `adapt` and, where the minimum is asked for, `newtonMinimum` */
export async function learned(
  context: EpisodeContext,
  { minimum, ...adaptation }: PenalisedAdaptation,
): Promise<Learned> {
  const { network, session, episode, slow, signal, statistics = false } = context;
  await adapt(context, { ...adaptation, penalty: true });
  const end = await session.read(network.synapse.fast);
  const near = { network, session, train: episode.train, slow, phi: end, signal };
  const phi = minimum === undefined ? end : await newtonMinimum(near, minimum);
  const running = statistics ? await session.read(runningStatistics) : undefined;
  const { loss } = await session.evaluate(episode.heldOut);
  return { heldOutLoss: loss, phi, runningStatistics: running };
}
