import { relativeError } from '../../baselines/implicit';
import type { Quantities } from '../../synapse/rule-executor';
import { agreement } from '../../theory/trust/agreement';
import type { Comparison } from './outcome';

/** An estimate beside the exact gradient. */
export function comparisonOf(estimate: Float64Array, exact: Float64Array): Comparison {
  const { cosine, normRatio } = agreement(exact, estimate);
  return { relativeError: relativeError(estimate, exact), cosine, normRatio };
}

/** All variables one behind the other. */
export function joined(quantities: Quantities, names: readonly string[]): Float64Array {
  return Float64Array.from(names.flatMap((name) => Array.from(quantities[name]!)));
}
