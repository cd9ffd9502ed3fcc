import { z } from 'zod';
import { wholeNumber } from '../../core/checks';
import { madeBy } from '../../core/origin';
import type { Shape } from '../../core/shape';
import { validate } from '../../core/validate';
import { asImage, windows } from '../image';
import { type Initialiser, initialiserSchema } from '../initialiser';
import type { Layer, ParameterRole } from '../layer';

export interface Conv2dLayer extends Layer {
  readonly kind: 'conv2d';
  /** Channels in and out. */
  readonly inputs: number;
  readonly outputs: number;
  /** Rows and columns of the kernel. */
  readonly kernel: number;
  readonly stride: number;
  /** Zeros around the image, on each of its four sides. */
  readonly padding: number;
  readonly bias: boolean;
}

/** Settings of a convolution. */
export interface Conv2dOptions {
  /** Rows and columns of the kernel. */
  readonly kernel: number;
  /** Pixels from one place of the kernel to the next. Default 1. */
  readonly stride?: number;
  /** Zeros around the image, on each of its four sides. Default 0. */
  readonly padding?: number;
  /** First values of weights, and of biases where they have none of their own. Default: PyTorch's, uniform in +-1/sqrt(inputs kernel kernel). */
  readonly initialiser?: Initialiser;
  /** First values of biases. Default: as those of weights, in the same range. */
  readonly biasInitialiser?: Initialiser;
  /** Whether each output channel has a bias. Default true. */
  readonly bias?: boolean;
  /** `fast` parameters learn inside a task (default), `meta` ones between tasks. */
  readonly role?: ParameterRole;
}

const conv2dOptions = z.strictObject({
  kernel: z.int().min(1),
  stride: z.int().min(1).default(1),
  padding: z.int().min(0).default(0),
  initialiser: initialiserSchema.default('uniform-fan-in'),
  biasInitialiser: initialiserSchema.optional(),
  bias: z.boolean().default(true),
  role: z.enum(['fast', 'meta']).default('fast'),
});

/**
 * A convolution of images [channels][rows][columns]: output[o][y][x] = bias[o] + the sum over c, i, j of weight[o][c][i][j] times
 * input[c][y stride + i - padding][x stride + j - padding], which is 0 outside of the image (a cross-correlation: the kernel is not
 * turned over). Weight [outputs][inputs][kernel][kernel], bias [outputs].
 * @throws InputError where a size is not legal.
 */
export function conv2d(inputs: number, outputs: number, options: Conv2dOptions): Conv2dLayer {
  wholeNumber('conv2d.inputs', inputs, 1);
  wholeNumber('conv2d.outputs', outputs, 1);
  const given = validate(conv2dOptions, options, 'the options of conv2d');
  const { kernel, stride, padding, initialiser, biasInitialiser = initialiser, bias, role } = given;
  const shared = { role, fanIn: inputs * kernel * kernel };
  return madeBy('src/network/layers/conv2d', 'conv2d', [inputs, outputs, given], {
    kind: 'conv2d',
    inputs,
    outputs,
    kernel,
    stride,
    padding,
    bias,
    parameters: [
      { name: 'weight', shape: [outputs, inputs, kernel, kernel], initialiser, ...shared },
      ...(bias ? [{ name: 'bias', shape: [outputs], initialiser: biasInitialiser, ...shared }] : []),
    ],
    outputShape(input: Shape): Shape {
      const [, height, width] = asImage('A convolution', input, inputs);
      const size = (pixels: number): number =>
        windows('The kernel of a convolution', pixels + 2 * padding, kernel, stride);
      return [outputs, size(height), size(width)];
    },
  });
}
