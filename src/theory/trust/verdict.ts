import type { EstimateError } from './estimate-error';

/** Whether a meta-gradient is a derivative or noise. */
export type Verdict = 'good' | 'biased' | 'noisy' | 'no equilibrium';

/**
 * The error, relative to the gradient's norm, up to which a meta-gradient counts as good. An estimate within e |gradient| of the exact
 * gradient is at an angle to it whose cosine is sqrt(1 - e^2) or more; and on an outer loss of curvature M at most, the best step along a
 * direction of cosine c is sure of c^2 |gradient|^2/2M, the exact gradient's own of |gradient|^2/2M. So sqrt(0.1) costs a
 * tenth of what is sure, at most, with a cosine of sqrt(0.9) = 0.949.
 */
export const toleratedError = Math.sqrt(0.1);

/** What the parts of an error come to; null for the error of an estimate without an equilibrium. */
export function verdictOf(error: EstimateError | null): Verdict {
  if (error === null) return 'no equilibrium';
  if (error.bias + error.noise <= toleratedError) return 'good';
  return error.noise >= error.biasBeyondNoise ? 'noisy' : 'biased';
}
