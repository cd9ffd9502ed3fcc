import { validate } from '../../core/validate';
import { type EstimateError, estimateError, hasMinimum, isGradient } from './estimate-error';
import { type TrustEvidence, trustEvidenceSchema } from './trust-evidence';
import { reasonFor } from './trust-reason';
import { type Verdict, verdictOf } from './verdict';

/** A verdict, and what led to it. */
export interface Trust {
  readonly verdict: Verdict;
  /** Parts of the estimate's error, relative to the gradient's norm; null where there is no equilibrium to speak of. */
  readonly error: EstimateError | null;
  /** The evidence that led to the verdict, in a sentence with numbers. */
  readonly because: string;
  readonly evidence: TrustEvidence;
}

/**
 * Judges a meta-gradient by what was measured of it, and by nothing else.
 * @throws InputError where it is no evidence.
 */
export function judgeTrust(evidence: TrustEvidence): Trust {
  validate(trustEvidenceSchema, evidence, 'the evidence');
  const { diverged } = evidence;
  const error = diverged === null && hasMinimum(evidence) ? estimateError(evidence) : null;
  const verdict = diverged === null && !isGradient(evidence.field) ? 'no gradient' : verdictOf(error);
  return { verdict, error, because: reasonFor(verdict, evidence, error), evidence };
}
