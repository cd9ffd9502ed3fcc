import { z } from 'zod';
import { NoExactGradientError } from '../core/errors';
import { norm } from '../core/norm';
import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import type { MetaLearner } from '../learning/meta-learner';
import type { Optimizer } from '../learning/optimizers';
import { adaptationSchema } from './adaptation-schema';
import { conjugateGradient } from './conjugate-gradient';
import { implicitLearner } from './implicit-learner';
import { innerHessian } from './inner-hessian';
import type { Product } from './lanczos';
import { type MinimumOptions, minimumSchema } from './newton-minimum';

/** Settings of implicit MAML (Rajeswaran et al. 2019). */
export interface ImamlOptions {
  /** Moves phi towards the minimum of L + R. */
  readonly optimizer: Optimizer;
  readonly steps: number;
  /** The norm of the gradient of L + R at which the steps end early. Default 0: all are taken. */
  readonly tolerance?: number;
  /**
   * From where the steps have led, goes on by Newton's method to the minimum itself, and refuses a task that has none: for small networks,
   * as the truth. Default: the steps suffice.
   */
  readonly minimum?: MinimumOptions;
  /** Steps of conjugate gradient. */
  readonly cgSteps: number;
}

const imamlOptions = adaptationSchema.extend({
  tolerance: z.number().min(0).optional(),
  minimum: minimumSchema.optional(),
  cgSteps: z.int().min(1),
});

/**
 * iMAML (Rajeswaran et al. 2019): at the minimum of L + R, dL_out/dtheta = -(d2R/dtheta dphi) v with
 * (d2L/dphi2 + d2R/dphi2) v = dL_out/dphi, solved by conjugate gradient. For omega this is
 * (H/lambda + I)^-1 dL_out/dphi, the form in which the method is usually written.
 * @throws InputError where an option is not legal.
 */
export function imaml(options: ImamlOptions): MetaLearner {
  const { cgSteps, ...adaptation } = validate(imamlOptions, options, 'the options of imaml');
  const { minimum } = adaptation;
  const learner = implicitLearner('imaml', adaptation, (context, gradient, phi) => {
    const { network, session, episode, slow } = context;
    const multiply = innerHessian({ network, session, train: episode.train, phi, slow });
    return minimum === undefined
      ? conjugateGradient(multiply, gradient, cgSteps)
      : refined(multiply, gradient, cgSteps, minimum.tolerance);
  });
  return madeBy('src/baselines/imaml', 'imaml', [{ cgSteps, ...adaptation }], learner);
}

/** Rounds of conjugate gradient on what the rounds before have left over. */
const mostRounds = 8;

/** A x = b by conjugate gradient, again and again until rounding is all that is left. @throws NoExactGradientError where more is */
async function refined(
  multiply: Product,
  b: Float64Array,
  steps: number,
  tolerance: number,
): Promise<Float64Array> {
  const x = new Float64Array(b.length);
  let left = b;
  for (let round = 0; round < mostRounds; round++) {
    const step = await conjugateGradient(multiply, left, steps);
    const next = x.map((value, i) => value + step[i]!);
    const product = await multiply(next);
    const nextLeft = b.map((value, i) => value - product[i]!);
    if (!(norm(nextLeft) < norm(left))) break;
    x.set(next);
    left = nextLeft;
  }
  if (norm(left) <= tolerance * norm(b)) return x;
  throw new NoExactGradientError({
    what: 'Conjugate gradient has not solved the linear system of the implicit gradient',
    got: `a residual of ${(norm(left) / norm(b)).toExponential(1)} of the right side`,
    legal: `at most ${tolerance}`,
    advice: 'Raise lambda, which conditions the system; or give it more steps of conjugate gradient',
  });
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
