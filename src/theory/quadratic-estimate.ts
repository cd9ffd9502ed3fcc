import { InputError } from '../core/errors';
import { norm } from '../core/norm';
import { validate } from '../core/validate';
import { type Estimator, estimatorSchema } from '../learning/estimators';
import type { BoundConstants } from './bound';
import { checkMinimum, type QuadraticProblem, quadraticMetaGradient, quadraticProblem } from './quadratic';

/**
 * The share of the meta-gradient that an estimator misses where all its phases end at their minima, for a coordinate with
 * curvature h:
 * product over the nudged phases' beta_i of beta_i h / ((1 + beta_i) h + lambda).
 *
 * With one phase this is the paper's beta ((1 + beta) Id + lambda H^-1)^-1 (Appendix E). For the others: an estimator
 * that is exact for polynomials of its order differentiates the one through 0 and its nudged phases' points, and
 * phi*_beta is a constant minus psi / (1 + beta + lambda/h), whose divided differences are known. The symmetric estimator
 * gives the middle of its three points no weight, but is exact for them too.
 */
function missedShare(h: number, lambda: number, betas: readonly number[]): number {
  return betas.reduce((share, beta) => (share * beta * h) / ((1 + beta) * h + lambda), 1);
}

/**
 * The estimate at the exact minima of all phases, [N], in closed form: without a difference of nearly equal numbers, so that
 * it keeps its digits at any beta.
 * @throws InputError where the augmented loss has no minimum in one of the phases.
 */
export function equilibriumEstimate(problem: QuadraticProblem, estimator: Estimator): Float64Array {
  const betas = checkArguments(problem, estimator);
  for (const beta of betas) checkMinimum(problem, beta);
  const { curvature, lambda } = problem;
  return quadraticMetaGradient(problem).map(
    (exact, i) => exact * (1 - missedShare(curvature[i]!, lambda, betas)),
  );
}

/**
 * The finite difference's error as a vector, [N]: exact meta-gradient minus the estimate at the exact minima.
 * @throws InputError where the augmented loss has no minimum in one of the phases.
 */
export function finiteDifferenceError(problem: QuadraticProblem, estimator: Estimator): Float64Array {
  const betas = checkArguments(problem, estimator);
  for (const beta of betas) checkMinimum(problem, beta);
  const { curvature, lambda } = problem;
  return quadraticMetaGradient(problem).map((exact, i) => exact * missedShare(curvature[i]!, lambda, betas));
}

/**
 * Between what the finite difference's error lies, as a share of the meta-gradient's norm. For the forward estimator, Eq. 8:
 * mu beta / ((1 + beta) mu + lambda) <= error <= L beta / ((1 + beta) L + lambda), with mu and L the smallest and largest
 * curvature. For p-forward ones the product of that over the nudged phases, since each factor grows with h.
 * @throws InputError where a nudged phase has a beta below 0, for which the factors are not ordered so.
 */
export function finiteDifferenceBounds(
  problem: QuadraticProblem,
  estimator: Estimator,
): { lower: number; upper: number } {
  const betas = checkArguments(problem, estimator);
  const { curvature, lambda } = problem;
  for (const beta of betas) {
    if (beta > 0) continue;
    throw new InputError({
      what: 'The bounds of Eq. 8 hold for nudging strengths above 0',
      got: beta,
      legal: 'forward and p-forward estimators',
    });
  }
  return {
    lower: missedShare(Math.min(...curvature), lambda, betas),
    upper: missedShare(Math.max(...curvature), lambda, betas),
  };
}

/**
 * The constants of Theorem 2 for this problem: B_in = lambda, as dL_in/domega = -lambda (phi - omega); B_out = 0, as L_out does
 * not depend on omega; C = the meta-gradient's norm, by Eq. 8, since L beta / ((1 + beta) L + lambda) < beta / (1 + beta).
 * @throws InputError where the problem is not legal.
 */
export function quadraticConstants(problem: QuadraticProblem): BoundConstants {
  quadraticProblem(problem);
  return { inner: problem.lambda, outer: 0, curvature: norm(quadraticMetaGradient(problem)) };
}

/** The nudging strengths of a legal estimator, for a legal problem. */
function checkArguments(problem: QuadraticProblem, estimator: Estimator): readonly number[] {
  quadraticProblem(problem);
  return validate(estimatorSchema, estimator, 'the estimator').betas;
}
