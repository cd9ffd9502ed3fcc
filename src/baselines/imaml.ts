import { z } from 'zod';
import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import type { Optimizer } from '../learning/optimizers';
import { adaptationSchema } from './adaptation-schema';
import { conjugateGradient } from './conjugate-gradient';
import { implicitLearner } from './implicit-learner';
import { innerHessian } from './inner-hessian';

/** Settings of implicit MAML (Rajeswaran et al. 2019). */
export interface ImamlOptions {
  /** Moves phi towards the minimum of L + R. */
  readonly optimizer: Optimizer;
  readonly steps: number;
  /** Steps of conjugate gradient. */
  readonly cgSteps: number;
}

const imamlOptions = adaptationSchema.extend({ cgSteps: z.int().min(1) });

/**
 * iMAML (Rajeswaran et al. 2019): at the minimum of L + R, dL_out/dtheta = -(d2R/dtheta dphi) v with
 * (d2L/dphi2 + d2R/dphi2) v = dL_out/dphi, solved by conjugate gradient. For omega this is
 * (H/lambda + I)^-1 dL_out/dphi, the form in which the method is usually written.
 * @throws InputError where an option is not legal.
 */
export function imaml(options: ImamlOptions): MetaLearner {
  const { optimizer, steps, cgSteps } = validate(imamlOptions, options, 'the options of imaml');
  const learner = implicitLearner('imaml', { optimizer, steps }, (context, gradient, phi) => {
    const { network, session, episode, slow } = context;
    const multiply = innerHessian({ network, session, train: episode.train, phi, slow });
    return conjugateGradient(multiply, gradient, cgSteps);
  });
  return madeBy('src/baselines/imaml', 'imaml', [{ optimizer, steps, cgSteps }], learner);
}

/**
 * T1T2 (Luketina et al. 2016): as iMAML, with the inverse Hessian replaced by the identity:
 * dL_out/domega = lambda dL_out/dphi, dL_out/dlambda = -(phi - omega) dL_out/dphi.
 * @throws InputError where an option is not legal.
 */
export function t1t2(options: { optimizer: Optimizer; steps: number }): MetaLearner {
  const adaptation = validate(adaptationSchema, options, 'the options of t1t2');
  return madeBy(
    'src/baselines/imaml',
    't1t2',
    [adaptation],
    implicitLearner('t1t2', adaptation, async (_context, gradient) => gradient),
  );
}
