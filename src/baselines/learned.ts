import type { EpisodeContext, EpisodeResult } from '../learning/meta-learner';
import { runningStatistics } from '../network/running-statistics';
import { type Adaptation, adapt } from './adapt';

/** What learning a task has come to, for a method that then asks what the slow variables should be. */
type Learned = Pick<EpisodeResult, 'heldOutLoss' | 'runningStatistics'> & { readonly phi: Float64Array };

/** Learns the task with the penalty, and leaves the session at its end. @throws as `adapt` */
export async function learned(
  context: EpisodeContext,
  adaptation: Omit<Adaptation, 'penalty'>,
): Promise<Learned> {
  const { network, session, episode, statistics = false } = context;
  await adapt(context, { ...adaptation, penalty: true });
  const phi = await session.read(network.synapse.fast);
  const running = statistics ? await session.read(runningStatistics) : undefined;
  const { loss } = await session.evaluate(episode.heldOut);
  return { heldOutLoss: loss, phi, runningStatistics: running };
}
