import { z } from 'zod';
import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import { movingOnly } from '../learning/derived-optimizers';
import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';
import { lastLayers } from '../network/last-layers';
import { type Network, networkSchema } from '../network/network';
import { descentSchema } from './adaptation-schema';
import type { MamlOptions } from './maml';
import { unrolledLearner } from './unrolled-learner';

/** Settings of ANIL (Raghu et al. 2020). */
export interface AnilOptions extends MamlOptions {
  readonly network: Network;
  /** How many layers the head has: the last ones whose parameters learn inside a task. Default 1. */
  readonly headLayers?: number;
  /** Whether the derivative through the inner steps is left out. Default: it is not. */
  readonly firstOrder?: boolean;
}

const anilOptions = descentSchema.extend({
  network: networkSchema,
  headLayers: z.int().min(1).default(1),
  firstOrder: z.boolean().default(false),
});

/**
 * ANIL (Raghu et al. 2020): MAML whose inner steps move the head alone, in learning as in being judged; what all synapses start from is learned
 * between tasks. With M = 1 for synapses of the head and 0 for others: phi_k+1 = phi_k - rate M dL(phi_k),
 * dL_out(phi_K)/domega = prod_k (I - rate H_k M) dL_out/dphi_K.
 * @throws InputError where an option is not legal, or the network has not so many layers that learn.
 */
export function anil(options: AnilOptions): MetaLearner {
  const given = validate(anilOptions, options, 'the options of anil');
  const { network, rate, steps, headLayers, firstOrder } = given;
  const moves = lastLayers(network, headLayers);
  const optimizer = movingOnly(sgd({ rate }), network, moves);
  const learner = unrolledLearner({ name: 'anil', optimizer, rate, steps, firstOrder, moves });
  return madeBy('src/baselines/anil', 'anil', [options], learner);
}
