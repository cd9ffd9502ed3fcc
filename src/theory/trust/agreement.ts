import { numbers, ofLength } from '../../core/checks';
import { dot } from '../../core/dot';
import { norm } from '../../core/norm';

/** How far another estimate of the same gradient agrees with this one. */
export interface Agreement {
  /** Cosine of the angle between them; 1 where both are 0, 0 where only one is. */
  readonly cosine: number;
  /** Norm of the other over that of this one; 1 where both are 0. */
  readonly normRatio: number;
  /** Norm of the difference over that of this one; 0 where both are 0, Infinity where only this one is. */
  readonly difference: number;
}

/**
 * Compares two estimates of one gradient, both of one length.
 * @throws InputError where their lengths differ.
 */
export function agreement(estimate: Float64Array, other: Float64Array): Agreement {
  numbers('The estimate', estimate);
  numbers('The other estimate', other);
  ofLength('The other estimate', other, estimate.length);
  const [length, otherLength] = [norm(estimate), norm(other)];
  if (length === 0 && otherLength === 0) return { cosine: 1, normRatio: 1, difference: 0 };
  const apart = norm(estimate.map((value, i) => value - other[i]!));
  return {
    cosine: length === 0 || otherLength === 0 ? 0 : dot(unit(estimate, length), unit(other, otherLength)),
    normRatio: otherLength / length,
    difference: apart / length,
  };
}

/** First to length 1, so that no product of tiny entries vanishes. */
const unit = (vector: Float64Array, length: number): Float64Array => vector.map((value) => value / length);
