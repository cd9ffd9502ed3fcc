import { boolean } from '../core/checks';
import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import { sgd } from '../learning/optimizers';
import { descentSchema } from './adaptation-schema';
import { unrolledLearner } from './unrolled-learner';

/** Settings of MAML (Finn et al. 2017). */
export interface MamlOptions {
  /** Learning rate of the inner steps. */
  readonly rate: number;
  /** Inner steps that are differentiated through. */
  readonly steps: number;
}

/**
 * MAML (Finn et al. 2017): omega is where phi starts, and the meta-gradient differentiates through the inner steps
 * phi_k+1 = phi_k - rate dL(phi_k): dL_out(phi_K)/domega = prod_k (I - rate H_k) dL_out/dphi_K, exactly, by
 * Hessian-vector products from the last step to the first. `firstOrder` leaves the product out.
 * @throws InputError where an option is not legal.
 */
export function maml(options: MamlOptions, firstOrder = false): MetaLearner {
  const { rate, steps } = validate(descentSchema, options, 'the options of maml');
  boolean('firstOrder', firstOrder);
  const name = firstOrder ? 'fomaml' : 'maml';
  const learner = unrolledLearner({ name, optimizer: sgd({ rate }), rate, steps, firstOrder, moves: null });
  return madeBy('src/baselines/maml', 'maml', [{ rate, steps }, firstOrder], learner);
}

/**
 * First-order MAML: the gradient at the end of the inner steps, as if it were that at their start.
 * @throws InputError where an option is not legal.
 */
export function firstOrderMaml(options: MamlOptions): MetaLearner {
  return maml(options, true);
}
