import { z } from 'zod';
import { allFinite, finite, ofLength, positive, wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import { float64ArraySchema, validate } from '../core/validate';

/**
 * The problem of Appendix E, of which everything is known in closed form:
 * L_in = 1/2 sum_i h_i (phi_i - phi^t_i)^2 + lambda/2 sum_i (phi_i - omega_i)^2, L_out = 1/2 sum_i h_i (phi_i - phi^v_i)^2.
 * Training and held-out data have one curvature and two minima; theta is the slow variable omega.
 */
export interface QuadraticProblem {
  /** h, the diagonal of the data loss's Hessian, [N]; each above 0. */
  readonly curvature: Float64Array;
  /** phi^t, where the training data draws phi to, [N]. */
  readonly trainMinimum: Float64Array;
  /** phi^v, where the held-out data would draw it to, [N]. */
  readonly heldOutMinimum: Float64Array;
  /** What the penalty draws it to, [N]. */
  readonly omega: Float64Array;
  /** Strength of the penalty, the same for all synapses; above 0. */
  readonly lambda: number;
}

const problemSchema = z.strictObject({
  curvature: float64ArraySchema,
  trainMinimum: float64ArraySchema,
  heldOutMinimum: float64ArraySchema,
  omega: float64ArraySchema,
  lambda: z.number().positive(),
});

/** @throws InputError where lengths differ, an entry is not finite, or a curvature or lambda is not above 0. */
export function quadraticProblem(problem: QuadraticProblem): QuadraticProblem {
  validate(problemSchema, problem, 'the quadratic problem');
  const { curvature } = problem;
  wholeNumber('number of synapses', curvature.length, 1);
  for (const name of ['curvature', 'trainMinimum', 'heldOutMinimum', 'omega'] as const) {
    ofLength(name, problem[name], curvature.length);
    allFinite(name, problem[name]);
  }
  curvature.forEach((value, i) => {
    positive(`curvature[${i}]`, value);
  });
  return problem;
}

/** Smallest and largest eigenvalue of the augmented loss's Hessian, (1 + beta) H + lambda. */
export function augmentedCurvature(
  { curvature, lambda }: QuadraticProblem,
  beta: number,
): { smallest: number; largest: number } {
  const eigenvalues = [Math.min(...curvature), Math.max(...curvature)].map((h) => (1 + beta) * h + lambda);
  return { smallest: Math.min(...eigenvalues), largest: Math.max(...eigenvalues) };
}

/**
 * phi*_beta, the minimum of the augmented loss, [N]:
 * ((1 + beta) Id + lambda H^-1)^-1 (phi^t + beta phi^v + lambda H^-1 omega).
 * @throws InputError where a negative beta leaves the augmented loss without a minimum.
 */
export function equilibrium(problem: QuadraticProblem, beta: number): Float64Array {
  const { curvature, trainMinimum, heldOutMinimum, omega, lambda } = quadraticProblem(problem);
  checkMinimum(problem, beta);
  return curvature.map((h, i) => {
    const pull = lambda / h;
    return (trainMinimum[i]! + beta * heldOutMinimum[i]! + pull * omega[i]!) / (1 + beta + pull);
  });
}

/**
 * The exact meta-gradient dL_out(phi*_0)/domega, [N]: -lambda (Id + lambda H^-1)^-2 psi with
 * psi = phi^v - phi^t + lambda H^-1 (phi^v - omega).
 * @throws InputError where the problem is not legal.
 */
export function quadraticMetaGradient(problem: QuadraticProblem): Float64Array {
  const { curvature, trainMinimum, heldOutMinimum, omega, lambda } = quadraticProblem(problem);
  return curvature.map((h, i) => {
    const pull = lambda / h;
    const psi = heldOutMinimum[i]! - trainMinimum[i]! + pull * (heldOutMinimum[i]! - omega[i]!);
    return (-lambda * psi) / (1 + pull) ** 2;
  });
}

/** @throws InputError unless the augmented loss is bounded below and strictly convex. */
export function checkMinimum(problem: QuadraticProblem, beta: number): void {
  if (augmentedCurvature(problem, finite('beta', beta)).smallest > 0) return;
  throw new InputError({
    what: 'The augmented loss has no minimum at this nudging strength',
    got: beta,
    legal: `beta > ${-1 - problem.lambda / Math.max(...problem.curvature)}`,
  });
}
