import { type EstimateError, estimateError, hasMinimum } from './estimate-error';
import { adviceFor } from './trust-advice';
import type { TrustEvidence } from './trust-evidence';
import { reasonFor } from './trust-reason';
import { type Verdict, verdictOf } from './verdict';

/** A verdict, what led to it, and the one change that is most likely to help. */
export interface Trust {
  readonly verdict: Verdict;
  /** Parts of the estimate's error, relative to the gradient's norm; null where there is no equilibrium to speak of. */
  readonly error: EstimateError | null;
  /** The evidence that led to the verdict, in a sentence with numbers. */
  readonly because: string;
  /** The one change most likely to help; null where nothing need change. */
  readonly advice: string | null;
  readonly evidence: TrustEvidence;
}

/** Judges a meta-gradient by what was measured of it, and by nothing else. */
export function judgeTrust(evidence: TrustEvidence): Trust {
  const { diverged } = evidence;
  const error = diverged === null && hasMinimum(evidence) ? estimateError(evidence) : null;
  const verdict = verdictOf(error);
  return {
    verdict,
    error,
    because: reasonFor(verdict, evidence, error),
    advice: adviceFor(verdict, evidence, error),
    evidence,
  };
}
