import { z } from 'zod';
import { finite, wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import { hasFields, made } from '../core/validate';

/** One contrast: coefficient x (dL/dtheta at the end of phase `nudged` - dL/dtheta at the end of `reference`). */
export interface ContrastTerm {
  /** Nudging strengths that name the two phases; 0 is the free phase. */
  readonly nudged: number;
  readonly reference: number;
  readonly coefficient: number;
}

/**
 * A finite-difference estimator of the meta-gradient, as data: which nudged phases it runs, and how it
 * contrasts their ends. Every nudged phase starts from the end of the free one.
 */
export interface Estimator {
  /** `forward`, `symmetric`, `p3`, `p4`, ... */
  readonly name: string;
  readonly beta: number;
  /** Nudging strengths of its nudged phases, in the order that they run. */
  readonly betas: readonly number[];
  readonly terms: readonly ContrastTerm[];
}

export const contrastTermSchema = z.object({
  nudged: z.number(),
  reference: z.number(),
  coefficient: z.number(),
});

const estimatorParts = z.object({ betas: z.array(z.number()), terms: z.array(contrastTermSchema) });

/** Estimators, of the library's or of a user's own. */
export const estimatorSchema = made<Estimator>(
  'an estimator, such as symmetric(0.1)',
  (value) =>
    hasFields(value, { name: 'string', beta: 'number' }) &&
    estimatorParts.safeParse({ betas: (value as Estimator).betas, terms: (value as Estimator).terms })
      .success,
);

/** (1/beta) [dL/dtheta(phi_beta, beta) - dL/dtheta(phi_0, 0)], Eq. 4. Error O(beta). */
export function forward(beta: number): Estimator {
  return { ...pForward(2, beta), name: 'forward' };
}

/**
 * (1/2beta) [dL/dtheta(phi_beta, beta) - dL/dtheta(phi_-beta, -beta)], Appendix D. Error O(beta^2).
 * A negative nudge is safe only while L_in - beta L_out is bounded below and keeps its minimum.
 */
export function symmetric(beta: number): Estimator {
  checkBeta(beta);
  return {
    name: 'symmetric',
    beta,
    betas: [beta, -beta],
    terms: [{ nudged: beta, reference: -beta, coefficient: 1 / (2 * beta) }],
  };
}

/**
 * (1/beta) sum_i alpha_i dL/dtheta(phi_ibeta, i beta), i = 0..p-1, Appendix D. Error O(beta^(p-1)).
 * Since the alphas sum to 0, it is written as p-1 contrasts with the free phase.
 * @throws InputError where p < 2 or beta is 0.
 */
export function pForward(p: number, beta: number): Estimator {
  checkBeta(beta);
  const coefficients = forwardCoefficients(p);
  const betas = coefficients.slice(1).map((_, i) => (i + 1) * beta);
  return {
    name: `p${p}`,
    beta,
    betas,
    terms: betas.map((nudged, i) => ({ nudged, reference: 0, coefficient: coefficients[i + 1]! / beta })),
  };
}

/** With more phases the largest coefficient is above 1e7: of a contrast in float64, half of the digits are gone. */
const mostPoints = 30;

/**
 * The alphas of the p-forward estimator: the one solution of sum alpha_i = 0, sum i alpha_i = 1,
 * sum i^k alpha_i = 0 for 2 <= k < p, which is alpha_i = (-1)^(i+1) binomial(p-1, i) / i for i >= 1.
 * @throws InputError where p is not a whole number of 2 or more.
 */
export function forwardCoefficients(p: number): number[] {
  if (typeof p === 'number' && p < 2) {
    throw new InputError({
      what: 'A forward estimator needs the free phase and one nudged phase at least',
      got: p,
      legal: 'p = 2, 3, 4, ...',
    });
  }
  if (wholeNumber('p', p, 2) > mostPoints) {
    throw new InputError({
      what: 'A forward estimator of so many phases is nothing but rounding',
      got: p,
      legal: `p = 2 to ${mostPoints}`,
      advice: 'Coefficients grow as 2^p: p = 3 to 5 is what gains digits',
    });
  }
  const coefficients = [0];
  let binomial = 1;
  for (let i = 1; i < p; i++) {
    binomial = (binomial * (p - i)) / i;
    coefficients.push(((i % 2 === 1 ? 1 : -1) * binomial) / i);
  }
  coefficients[0] = -coefficients.reduce((sum, alpha) => sum + alpha, 0);
  return coefficients;
}

/**
 * The estimator of a name as typed: `forward`, `symmetric`, `p3`, `p4`, ...
 * @throws InputError where there is none of that name.
 */
export function estimatorNamed(name: string, beta: number): Estimator {
  if (name === 'forward') return forward(beta);
  if (name === 'symmetric') return symmetric(beta);
  const match = typeof name === 'string' ? /^p(\d+)$/.exec(name) : null;
  if (match !== null) return pForward(Number(match[1]), beta);
  throw new InputError({
    what: 'There is no such estimator',
    got: name,
    legal: 'forward, symmetric, p2, p3, p4, ...',
  });
}

/** The same finite difference with every nudge divided by a factor. */
export function nudgedLess({ name, beta, betas, terms }: Estimator, factor: number): Estimator {
  const less = terms.map(({ nudged, reference, coefficient }) => ({
    nudged: nudged / factor,
    reference: reference / factor,
    coefficient: coefficient * factor,
  }));
  return { name, beta: beta / factor, betas: betas.map((nudge) => nudge / factor), terms: less };
}

/**
 * The q in the finite difference's error O(beta^q): it differentiates every power of the nudge up to the q-th exactly,
 * sum coefficient (nudged^k - reference^k) = 0 for 2 <= k <= q. 1 for forward, 2 for symmetric, p - 1 for p-forward.
 */
export function orderOf({ beta, terms }: Estimator): number {
  const vanishes = (power: number): boolean => {
    let [moment, largest] = [0, 0];
    for (const { nudged, reference, coefficient } of terms) {
      const [to, from] = [(nudged / beta) ** power, (reference / beta) ** power];
      moment += coefficient * (to - from);
      largest += Math.abs(coefficient) * (Math.abs(to) + Math.abs(from));
    }
    return Math.abs(moment) < 1e-9 * largest; // what is left of a sum that is 0 is its rounding
  };
  let order = 1;
  while (vanishes(order + 1)) order++;
  return order;
}

function checkBeta(beta: number): void {
  if (finite('beta', beta) !== 0) return;
  throw new InputError({
    what: 'A nudging strength of 0 leaves nothing to contrast',
    got: beta,
    legal: 'beta above 0, or below 0 where the augmented loss stays bounded below',
    advice: 'Try 0.1',
  });
}
