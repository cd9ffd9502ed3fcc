import { z } from 'zod';
import { wholeNumber } from '../../core/checks';
import { InputError } from '../../core/errors';
import { madeBy } from '../../core/origin';
import { formatShape, type Shape, sizeOf } from '../../core/shape';
import { validate } from '../../core/validate';
import { type Initialiser, initialiserSchema } from '../initialiser';
import type { Layer, ParameterRole } from '../layer';

export interface DenseLayer extends Layer {
  readonly kind: 'dense';
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
}

/** Settings of a dense layer. */
export interface DenseOptions {
  /** First values of weights, and of biases where they have none of their own. Default: PyTorch's, uniform in +-1/sqrt(inputs). */
  readonly initialiser?: Initialiser;
  /** First values of biases. Default: as those of weights, in the same range. */
  readonly biasInitialiser?: Initialiser;
  /** Whether each unit has a bias. Default true. */
  readonly bias?: boolean;
  /** `fast` parameters learn inside a task (default), `meta` ones between tasks. */
  readonly role?: ParameterRole;
}

const denseOptions = z.strictObject({
  initialiser: initialiserSchema.default('uniform-fan-in'),
  biasInitialiser: initialiserSchema.optional(),
  bias: z.boolean().default(true),
  role: z.enum(['fast', 'meta']).default('fast'),
});

/**
 * A fully connected layer: output = weight input + bias, weight [outputs][inputs], bias [outputs].
 * @throws InputError where a width is no whole number of 1 or more, or an option is not legal.
 */
export function dense(inputs: number, outputs: number, options: DenseOptions = {}): DenseLayer {
  wholeNumber('dense.inputs', inputs, 1);
  wholeNumber('dense.outputs', outputs, 1);
  const given = validate(denseOptions, options, 'the options of dense');
  const { initialiser, biasInitialiser = initialiser, bias, role } = given;
  const shared = { role, fanIn: inputs };
  return madeBy('src/network/layers/dense', 'dense', [inputs, outputs, given], {
    kind: 'dense',
    inputs,
    outputs,
    bias,
    parameters: [
      { name: 'weight', shape: [outputs, inputs], initialiser, ...shared },
      ...(bias ? [{ name: 'bias', shape: [outputs], initialiser: biasInitialiser, ...shared }] : []),
    ],
    outputShape(input: Shape): Shape {
      if (input.length > 1) {
        throw new InputError({
          what: 'A dense layer takes rows of numbers',
          got: formatShape(input),
          legal: `[${inputs}]`,
          advice: 'Put flatten() before it',
        });
      }
      if (sizeOf(input) !== inputs) {
        throw new InputError({
          what: 'A dense layer does not fit its input',
          got: formatShape(input),
          legal: `${inputs} numbers a sample`,
          advice: `Change its inputs to ${sizeOf(input)}, or the layer before it`,
        });
      }
      return [outputs];
    },
  });
}
