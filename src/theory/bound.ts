import { z } from 'zod';
import { positive } from '../core/checks';
import { InputError } from '../core/errors';
import { validate } from '../core/validate';

/** The constants of Theorem 2, in the form of Appendix C. */
export interface BoundConstants {
  /** B_in: how fast dL_in/dtheta changes with phi (its Lipschitz constant); above 0. */
  readonly inner: number;
  /** B_out: the same of dL_out/dtheta; 0 where L_out does not depend on theta, as with complex synapses. */
  readonly outer: number;
  /** C: what the finite difference's error is bounded by at large beta; above 0. */
  readonly curvature: number;
}

/** How far the ends of the two phases are from the minima that they approximate: norms, 0 or more. */
export interface PhaseErrors {
  /** delta: the free phase's distance to phi*_0. */
  readonly free: number;
  /** delta': the nudged phase's distance to phi*_beta. */
  readonly nudged: number;
}

/**
 * The bound on the meta-gradient's error, Theorem 2 in the form of Appendix C:
 * B(delta, delta', beta) = B_in (delta + delta') / beta + B_out delta' + C beta / (1 + beta).
 * @throws InputError where beta is not above 0, or a constant or distance is out of range.
 */
export function errorBound(constants: BoundConstants, errors: PhaseErrors, beta: number): number {
  const { inner, outer, curvature } = checkConstants(constants);
  const { free, nudged } = checkErrors(errors);
  return (
    (inner * (free + nudged)) / positive('beta', beta) + outer * nudged + (curvature * beta) / (1 + beta)
  );
}

/**
 * The nudging strength at which the bound is smallest, Corollary 1:
 * beta* = sqrt(B_in (delta + delta')) / (sqrt(C) - sqrt(B_in (delta + delta'))).
 *
 * It exists where 0 < B_in (delta + delta') < C only. The bound's slope in beta has the sign of
 * sqrt(C) beta - sqrt(B_in (delta + delta')) (1 + beta): with exact phases it is positive at every beta, so that the
 * bound has no smallest value above 0; with phases worse than C / B_in it is negative at every beta.
 * @throws InputError where it does not exist, saying which of the two is the case.
 */
export function optimalBeta(constants: BoundConstants, errors: PhaseErrors): number {
  const { approximation, difference } = rootsAtOptimum(constants, errors);
  return approximation / (difference - approximation);
}

/**
 * The bound at beta*, exactly:
 * B_out delta' + 2 sqrt(C B_in (delta + delta')) - B_in (delta + delta').
 * @throws InputError where beta* does not exist.
 */
export function optimalBound(constants: BoundConstants, errors: PhaseErrors): number {
  const { approximation, difference } = rootsAtOptimum(constants, errors);
  return constants.outer * errors.nudged + approximation * (2 * difference - approximation);
}

/**
 * What Corollary 1 states in place of the optimum, B_out delta' + 2 sqrt(C B_in (delta + delta')): larger than it by
 * B_in (delta + delta').
 * @throws InputError where beta* does not exist.
 */
export function corollaryBound(constants: BoundConstants, errors: PhaseErrors): number {
  const { approximation, difference } = rootsAtOptimum(constants, errors);
  return constants.outer * errors.nudged + 2 * approximation * difference;
}

/** sqrt(B_in (delta + delta')) and sqrt(C), of which the first has to lie between 0 and the second. */
function rootsAtOptimum(
  constants: BoundConstants,
  errors: PhaseErrors,
): { approximation: number; difference: number } {
  const { inner, curvature } = checkConstants(constants);
  const { free, nudged } = checkErrors(errors);
  const distance = free + nudged;
  const legal = `0 < delta + delta' < C / B_in = ${curvature / inner}`;
  if (distance === 0) {
    throw new InputError({
      what: 'With exact phases the bound has no smallest value: it falls as long as beta does',
      got: distance,
      legal,
      advice: 'Take the smallest beta that rounding allows',
    });
  }
  const [approximation, difference] = [Math.sqrt(inner * distance), Math.sqrt(curvature)];
  if (approximation < difference) return { approximation, difference };
  throw new InputError({
    what: 'The phases are too inexact for any beta to be best: the bound falls as long as beta grows',
    got: distance,
    legal,
    advice: 'Give the phases more steps, or raise lambda so that they converge faster',
  });
}

const constantsSchema = z.strictObject({ inner: z.number(), outer: z.number(), curvature: z.number() });

function checkConstants(constants: BoundConstants): BoundConstants {
  validate(constantsSchema, constants, 'the constants of the bound');
  positive('B_in', constants.inner);
  notNegative('B_out', constants.outer);
  positive('C', constants.curvature);
  return constants;
}

const errorsSchema = z.strictObject({ free: z.number(), nudged: z.number() });

function checkErrors(errors: PhaseErrors): PhaseErrors {
  validate(errorsSchema, errors, "the phases' distances to their minima, delta and delta'");
  notNegative('delta', errors.free);
  notNegative("delta'", errors.nudged);
  return errors;
}

function notNegative(name: string, value: number): void {
  if (value < 0) {
    throw new InputError({ what: `${name} must not be negative`, got: value, legal: '0 or more' });
  }
}
