import { z } from 'zod';
import { type RandomStream, randomStreamSchema } from '../core/random';
import { float64ArraySchema, validate } from '../core/validate';

const initialisers = ['uniform-fan-in', 'kaiming-uniform', 'zeros', 'ones'] as const;

/** How a parameter's first values are drawn, by name. */
export type Initialiser = (typeof initialisers)[number];

export const initialiserSchema = z.enum(initialisers);

const initialiseArguments = z.strictObject({
  values: float64ArraySchema,
  initialiser: initialiserSchema,
  fanIn: z.number().positive(),
  stream: randomStreamSchema,
});

/**
 * Fills `values` with first values.
 *
 * - `uniform-fan-in`: uniform in +-1/sqrt(fanIn), PyTorch's default for dense weights and biases.
 * - `kaiming-uniform`: uniform in +-sqrt(6/fanIn) (He et al. 2015).
 * @throws InputError where there is no such initialiser, or another argument is not legal.
 */
export function initialise(
  values: Float64Array,
  initialiser: Initialiser,
  fanIn: number,
  stream: RandomStream,
): void {
  validate(initialiseArguments, { values, initialiser, fanIn, stream }, 'the arguments of initialise');
  if (initialiser === 'zeros' || initialiser === 'ones') {
    values.fill(initialiser === 'ones' ? 1 : 0);
    return;
  }
  const bound = initialiser === 'uniform-fan-in' ? 1 / Math.sqrt(fanIn) : Math.sqrt(6 / fanIn);
  for (let i = 0; i < values.length; i++) values[i] = stream.uniformBetween(-bound, bound);
}
