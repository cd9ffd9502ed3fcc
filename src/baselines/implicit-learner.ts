import type { EpisodeContext, MetaLearner } from '../learning/meta-learner';
import { negativeCrossProduct } from './cross-product';
import { learned, type PenalisedAdaptation } from './learned';

/** Stands for (d2L_in/dphi2)^-1 dL_out/dphi, or for what a method takes in its place. */
type Solve = (context: EpisodeContext, gradient: Float64Array, phi: Float64Array) => Promise<Float64Array>;

/** A method that learns the task with the penalty, and takes -(d2R/dtheta dphi) solve(dL_out/dphi) at its end for the meta-gradient (Eq. 3). */
export function implicitLearner(name: string, adaptation: PenalisedAdaptation, solve: Solve): MetaLearner {
  return {
    name,
    adaptation: adaptation.optimizer,
    regularised: true,
    learns: 'slow',
    async learn(context) {
      const { network, session, episode, slow } = context;
      const { synapse } = network;
      const end = await learned(context, adaptation);
      const solution = await solve(context, await session.gradient(episode.heldOut), end.phi);
      const quantities = { ...slow, [synapse.fast]: end.phi };
      return { metaGradient: negativeCrossProduct(synapse, quantities, solution), ...end };
    },
  };
}
