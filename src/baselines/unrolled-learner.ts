import type { MetaLearner } from '../learning/meta-learner';
import type { Optimizer } from '../learning/optimizers';
import { adapt, ofAnchor } from './adapt';

interface Unrolled {
  readonly name: string;
  /** Moves phi in the inner steps; plain gradient descent at `rate`, of all synapses or some. */
  readonly optimizer: Optimizer;
  readonly rate: number;
  readonly steps: number;
  /** Leaves the product over the steps out. */
  readonly firstOrder: boolean;
  /** 1 for each synapse that inner steps move, 0 for each that they leave; null where they move all. */
  readonly moves: Float64Array | null;
}

/**
 * Learns where phi starts through the inner steps phi_k+1 = phi_k - rate M dL(phi_k), M the diagonal of `moves`:
 * dL_out(phi_K)/domega = prod_k (I - rate H_k M) dL_out/dphi_K, by Hessian-vector products from the last step to the first.
 */
export function unrolledLearner(unrolled: Unrolled): MetaLearner {
  const { name, optimizer, rate, steps, firstOrder, moves } = unrolled;
  return {
    name,
    adaptation: optimizer,
    regularised: false,
    learns: 'anchor',
    async learn(context) {
      const { network, session, episode } = context;
      const course: Float64Array[] = [];
      await adapt(context, { optimizer, steps, penalty: false }, firstOrder ? undefined : course);
      const { loss } = await session.evaluate(episode.heldOut);
      const vector = await session.gradient(episode.heldOut);
      for (let k = course.length - 1; k >= 0; k--) {
        const { train } = episode.minibatch?.(k) ?? episode;
        await session.write(network.synapse.fast, course[k]!);
        const moved = moves === null ? vector : vector.map((value, i) => moves[i]! * value);
        const product = await session.hessianVector(train, moved);
        for (let i = 0; i < vector.length; i++) vector[i]! -= rate * product[i]!;
      }
      return { metaGradient: ofAnchor(network, vector), heldOutLoss: loss };
    },
  };
}
