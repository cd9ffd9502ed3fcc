import { type EstimateError, totalError } from './estimate-error';

/**
 * Whether a meta-gradient is a derivative or noise: `surrogate` where that of another loss than the network's, by neurons that are nudged too strongly;
 * `no gradient` where synapses follow updates that are none.
 */
export type Verdict =
  | 'good'
  | 'biased'
  | 'noisy'
  | 'surrogate'
  | 'unsettled neurons'
  | 'no gradient'
  | 'no equilibrium';

/** Verdicts that name a part of the error. */
export type Fault = 'biased' | 'noisy' | 'surrogate' | 'unsettled neurons';

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
  return totalError(error) <= toleratedError ? 'good' : faultsOf(error)[0]!;
}

/** The faults of an estimate, the largest first, each by how far it exceeds what noise would show as it. */
export function faultsOf(error: EstimateError): readonly Fault[] {
  const sizes: readonly (readonly [Fault, number])[] = [
    ['noisy', error.noise],
    ['unsettled neurons', error.neuralBeyondNoise],
    ['surrogate', error.surrogateBeyondNoise],
    ['biased', error.biasBeyondNoise],
  ];
  return [...sizes].sort(([, a], [, b]) => (a === b ? 0 : b - a)).map(([fault]) => fault);
}
