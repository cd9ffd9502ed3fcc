import { z } from 'zod';
import { dot } from '../core/dot';
import { NoExactGradientError, NoMinimumError } from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import { RandomStream } from '../core/random';
import { conjugateGradient } from './conjugate-gradient';
import { innerHessian } from './inner-hessian';
import { type InnerLoss, type InnerProblem, innerLossAt } from './inner-loss';
import { extremeEigenvalues } from './lanczos';
import { singularFraction } from './singular-fraction';

/** How near a minimum is to be reached. */
export interface MinimumOptions {
  /** The norm of the gradient of L + R that counts as none, as a part of that of L alone, which balances there; or of 1, where that is less. */
  readonly tolerance: number;
}

export const minimumSchema = z.strictObject({ tolerance: z.number().positive() });

/** Steps of Newton's method at the most, of conjugate gradient inside each, and of Lanczos at the end. */
const mostSteps = { newton: 200, conjugate: 1000, lanczos: 300 };

/** Halvings of a step at the most. */
const mostHalvings = 40;

/** Of the decrease that the slope promises, the part that a step must bring (Armijo's rule). */
const leastDecrease = 1e-4;

/** As a part of the loss, what differences of it lose to rounding in float64, and what they may lose in float32. */
const rounding = { least: 1e-12, most: 1e-6 };

/** Where Newton's method begins. */
export interface NearMinimum extends InnerProblem {
  readonly phi: Float64Array;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The strict minimum of L(train) + R that Newton's method comes to from phi: steps by conjugate gradient on exact Hessian-vector products,
 * cut short where the loss curves downwards, and halved until it falls. Goes on until rounding stops it. Leaves phi there in the session.
 * @throws NoMinimumError where the Hessian is not positive there; NoExactGradientError where the gradient does not vanish, as on a kink;
 * Interruption where the signal is aborted.
 */
export async function newtonMinimum(near: NearMinimum, { tolerance }: MinimumOptions): Promise<Float64Array> {
  let at = await innerLossAt(near, near.phi);
  for (let taken = 0; taken < mostSteps.newton; taken++) {
    checkNotInterrupted(near.signal);
    const next = await newtonStep(near, at);
    if (next === null) break;
    at = next;
  }
  await near.session.write(near.network.synapse.fast, at.phi);
  await checkStrict({ ...near, phi: at.phi });
  if (at.residual <= tolerance * Math.max(1, at.slope)) return at.phi;
  throw new NoExactGradientError({
    what: 'The inner loss has no minimum that can be reached: Newton’s method ends where its gradient does not vanish',
    got: `a norm of ${at.residual.toExponential(1)} of the gradient of L + R, where that of L alone is ${at.slope.toExponential(1)}`,
    legal: `at most ${tolerance} of the latter, or of 1`,
    advice:
      'Raise lambda; or take smooth layers, since on a kink of relu or max-pool no gradient vanishes; or an engine of float64',
  });
}

/** One step of Newton's method; null where none makes the loss or its gradient smaller. */
async function newtonStep(near: NearMinimum, at: InnerLoss): Promise<InnerLoss | null> {
  const { network, session } = near;
  await session.write(network.synapse.fast, at.phi);
  const multiply = innerHessian({ ...near, phi: at.phi });
  const downhill = at.gradient.map((slope) => -slope);
  const products = Math.min(mostSteps.conjugate, 2 * at.phi.length);
  const solved = await conjugateGradient(multiply, downhill, products);
  const direction = dot(solved, downhill) > 0 ? solved : downhill;
  const slope = dot(direction, at.gradient);
  if (!(slope < 0)) return null;
  for (let halved = 0, length = 1; halved <= mostHalvings; halved++, length /= 2) {
    const next = await innerLossAt(
      near,
      at.phi.map((value, i) => value + length * direction[i]!),
    );
    const change = next.value - at.value;
    const scale = Math.abs(at.value);
    const falls = change <= leastDecrease * length * slope && -change > rounding.least * scale;
    // Next to the minimum the loss says no more than its rounding: there the gradient says whether a step was good.
    const flattens = next.residual < at.residual / 2 && change <= rounding.most * scale;
    if (falls || flattens) return next;
  }
  return null;
}

/** @throws NoMinimumError where the Hessian at phi, which the session holds, has an eigenvalue that is not above 0. */
async function checkStrict(near: NearMinimum): Promise<void> {
  const size = near.phi.length;
  const { smallest, largest } = await extremeEigenvalues(innerHessian(near), {
    size,
    random: new RandomStream('lanczos', 'strict minimum'),
    steps: Math.min(size, mostSteps.lanczos),
  });
  const threshold = singularFraction * Math.max(largest.value, Math.abs(smallest.value));
  if (smallest.value > threshold) return;
  throw new NoMinimumError(smallest.value, largest.value, smallest.value < -threshold ? 1 : 0);
}
