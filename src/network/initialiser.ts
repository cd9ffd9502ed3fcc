import type { RandomStream } from '../core/random';

/** How a parameter's first values are drawn, by name. */
export type Initialiser = 'uniform-fan-in' | 'kaiming-uniform' | 'zeros' | 'ones';

/**
 * Fills `values` with first values.
 *
 * - `uniform-fan-in`: uniform in +-1/sqrt(fanIn), PyTorch's default for dense weights and biases.
 * - `kaiming-uniform`: uniform in +-sqrt(6/fanIn) (He et al. 2015).
 */
export function initialise(
  values: Float64Array,
  initialiser: Initialiser,
  fanIn: number,
  stream: RandomStream,
): void {
  if (initialiser === 'zeros' || initialiser === 'ones') {
    values.fill(initialiser === 'ones' ? 1 : 0);
    return;
  }
  const bound = initialiser === 'kaiming-uniform' ? Math.sqrt(6 / fanIn) : 1 / Math.sqrt(fanIn);
  for (let i = 0; i < values.length; i++) values[i] = stream.uniformBetween(-bound, bound);
}
