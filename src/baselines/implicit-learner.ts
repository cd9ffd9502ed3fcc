import type { EpisodeContext, MetaLearner } from '../learning/meta-learner';
import { runningStatistics } from '../network/running-statistics';
import { type Adaptation, adapt } from './adapt';
import { negativeCrossProduct } from './cross-product';

/** Stands for (d2L_in/dphi2)^-1 dL_out/dphi, or for what a method takes in its place. */
type Solve = (context: EpisodeContext, gradient: Float64Array, phi: Float64Array) => Promise<Float64Array>;

/** A method that learns the task with the penalty, and takes -(d2R/dtheta dphi) solve(dL_out/dphi) at its end for the meta-gradient (Eq. 3). */
export function implicitLearner(
  name: string,
  { optimizer, steps }: Omit<Adaptation, 'penalty'>,
  solve: Solve,
): MetaLearner {
  return {
    name,
    adaptation: optimizer,
    regularised: true,
    learns: 'slow',
    async learn(context) {
      const { network, session, episode, slow, statistics = false } = context;
      const { synapse } = network;
      await adapt(context, { optimizer, steps, penalty: true });
      const phi = await session.read(synapse.fast);
      const running = statistics ? await session.read(runningStatistics) : undefined;
      const quantities = { ...slow, [synapse.fast]: phi };
      const { loss } = await session.evaluate(episode.heldOut);
      const solution = await solve(context, await session.gradient(episode.heldOut), phi);
      const metaGradient = negativeCrossProduct(synapse, quantities, solution);
      return { metaGradient, heldOutLoss: loss, phi, runningStatistics: running };
    },
  };
}
