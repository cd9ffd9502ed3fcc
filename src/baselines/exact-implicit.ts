import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import type { Optimizer } from '../learning/optimizers';
import { adaptationSchema } from './adaptation-schema';
import { checkExactSize, implicitGradient } from './implicit';
import { learned } from './learned';

/**
 * The exact meta-gradient by the implicit function theorem, with the full Hessian: for small networks, as the truth that
 * the other methods approximate. It is the gradient only where the steps suffice to reach the minimum of L + R.
 * @throws InputError where an option is not legal; from `learn`, at once, where the network is too large for a full Hessian.
 */
export function exactImplicit(options: { optimizer: Optimizer; steps: number }): MetaLearner {
  const { optimizer, steps } = validate(adaptationSchema, options, 'the options of exactImplicit');
  return madeBy('src/baselines/exact-implicit', 'exactImplicit', [{ optimizer, steps }], {
    name: 'implicit',
    adaptation: optimizer,
    regularised: true,
    learns: 'slow',
    async learn(context) {
      const { network, session, episode, slow, signal } = context;
      checkExactSize(network);
      const end = await learned(context, { optimizer, steps });
      const { train, heldOut } = episode;
      const problem = { network, session, train, heldOut, phi: end.phi, slow, signal };
      const { metaGradient } = await implicitGradient(problem);
      return { metaGradient, ...end };
    },
  });
}
