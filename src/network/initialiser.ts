import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import type { RandomStream } from '../core/random';

/** How a parameter's first values are drawn, by name. */
export type Initialiser = 'uniform-fan-in' | 'kaiming-uniform' | 'zeros' | 'ones';

/**
 * Fills `values` with first values.
 *
 * - `uniform-fan-in`: uniform in +-1/sqrt(fanIn), PyTorch's default for dense weights and biases.
 * - `kaiming-uniform`: uniform in +-sqrt(6/fanIn) (He et al. 2015).
 * @throws InputError where there is no such initialiser.
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
  const bound = boundOf(initialiser, fanIn);
  for (let i = 0; i < values.length; i++) values[i] = stream.uniformBetween(-bound, bound);
}

function boundOf(initialiser: Exclude<Initialiser, 'zeros' | 'ones'>, fanIn: number): number {
  switch (initialiser) {
    case 'uniform-fan-in':
      return 1 / Math.sqrt(fanIn);
    case 'kaiming-uniform':
      return Math.sqrt(6 / fanIn);
    default: {
      const legal = ['uniform-fan-in', 'kaiming-uniform', 'zeros', 'ones'];
      throw new InputError({
        what: 'There is no such initialiser',
        got: initialiser,
        legal: legal.join(', '),
        advice: didYouMean(initialiser, legal),
      });
    }
  }
}
