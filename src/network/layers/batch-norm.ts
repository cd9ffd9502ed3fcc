import { z } from 'zod';
import { wholeNumber } from '../../core/checks';
import { InputError } from '../../core/errors';
import { madeBy } from '../../core/origin';
import { formatShape, type Shape } from '../../core/shape';
import { validate } from '../../core/validate';
import type { Layer, ParameterRole } from '../layer';

/** Added to variances, so that a feature that is the same in all samples is not divided by 0. */
const epsilon = 1e-5;

export interface BatchNormLayer extends Layer {
  readonly kind: 'batch-norm';
  readonly features: number;
  readonly epsilon: number;
}

/** Settings of batch normalisation. */
export interface BatchNormOptions {
  /** `fast` parameters learn inside a task (default), `meta` ones between tasks. */
  readonly role?: ParameterRole;
}

const batchNormOptions = z.strictObject({ role: z.enum(['fast', 'meta']).default('fast') });

/**
 * Batch normalisation (Ioffe and Szegedy 2015): output = gain (a - mean) / sqrt(variance + 1e-5) + threshold, for each channel of an image,
 * over samples, rows and columns, or for each unit, over samples. Mean and (biased) variance are those of the batch at hand, in every
 * phase and, unless `evaluate` is asked for running ones, in evaluation, and are differentiated through: so each of a batch's samples depends on all. Gain [features] and threshold
 * [features] are those of its neurons; they start at 1 and 0.
 * @throws InputError where a size or an option is not legal.
 */
export function batchNorm(features: number, options: BatchNormOptions = {}): BatchNormLayer {
  wholeNumber('batchNorm.features', features, 1);
  const { role } = validate(batchNormOptions, options, 'the options of batchNorm');
  const shared = { shape: [features], role, fanIn: 1 } as const;
  return madeBy('src/network/layers/batch-norm', 'batchNorm', [features, { role }], {
    kind: 'batch-norm',
    features,
    epsilon,
    parameters: [
      { name: 'gain', initialiser: 'ones', ...shared },
      { name: 'threshold', initialiser: 'zeros', ...shared },
    ],
    ...(role === 'fast' ? { neuronParameters: { gain: 'gain', threshold: 'threshold' } } : {}),
    couplesSamples: true,
    outputShape(input: Shape): Shape {
      if ((input.length === 1 || input.length === 3) && input[0] === features) return input;
      throw new InputError({
        what: 'Batch normalisation does not fit its input',
        got: formatShape(input),
        legal: `[${features}], or images [${features}, rows, columns]`,
        advice: `Change its features to ${input[0]}, or the layer before it`,
      });
    },
  });
}
