import { z } from 'zod';
import { InputError } from '../../core/errors';
import type { Layer, ParameterRole } from '../../network/layer';
import { batchNorm } from '../../network/layers/batch-norm';
import { conv2d } from '../../network/layers/conv2d';
import { dense } from '../../network/layers/dense';
import { flatten } from '../../network/layers/flatten';
import { maxPool } from '../../network/layers/pool';
import { relu } from '../../network/layers/relu';
import { tanh } from '../../network/layers/tanh';
import { crossEntropy, mse } from '../../network/loss';
import { defineNetwork, type Network } from '../../network/network';
import { complexSynapse } from '../../synapse/model';

const width = z.int().min(1);
const activation = z.enum(['tanh', 'relu']).optional();

const layer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dense'), inputs: width, outputs: width, activation }),
  z.strictObject({
    type: z.literal('conv2d'),
    inputs: width,
    outputs: width,
    kernel: width,
    stride: width.default(1),
    padding: z.int().min(0).default(0),
    activation,
  }),
  z.strictObject({ type: z.literal('batch-norm'), features: width, activation }),
  z.strictObject({ type: z.literal('max-pool'), size: width, stride: width.optional(), activation }),
  z.strictObject({ type: z.literal('relu') }),
  z.strictObject({ type: z.literal('tanh') }),
  z.strictObject({ type: z.literal('flatten') }),
]);

/** The part `model` of a problem file. */
export const modelSchema = z.strictObject({
  inputShape: z.tuple([width, width, width]).optional(),
  layers: z.array(layer).min(1),
});

type Model = z.output<typeof modelSchema>;
type Described = Model['layers'][number];

/** What learns inside the task: every parameter, or by `modulation` the neurons' and the last dense layer's. */
export const learningSchema = z.enum(['synapses', 'modulation']).default('synapses');

/**
 * The network of a problem file.
 * @throws InputError where its layers do not fit, or nothing says how large its input is.
 */
export function networkOf(
  { inputShape, layers }: Model,
  loss: 'mse' | 'cross-entropy',
  learning: z.output<typeof learningSchema>,
): Network {
  const readout = layers.findLastIndex(({ type }) => type === 'dense');
  const roleOf = (index: number): ParameterRole =>
    learning === 'modulation' && index !== readout ? 'meta' : 'fast';
  return defineNetwork({
    input: inputShape ?? [inputsOf(layers)],
    layers: layers.flatMap((described, index) => [
      layerOf(described, roleOf(index)),
      ...activationOf(described),
    ]),
    loss: loss === 'mse' ? mse : crossEntropy,
    synapse: complexSynapse,
  });
}

function layerOf(described: Described, role: ParameterRole): Layer {
  switch (described.type) {
    case 'dense':
      return dense(described.inputs, described.outputs, { role });
    case 'conv2d': {
      const { inputs, outputs, kernel, stride, padding } = described;
      return conv2d(inputs, outputs, { kernel, stride, padding, role });
    }
    case 'batch-norm':
      return batchNorm(described.features);
    case 'max-pool':
      return maxPool(described.size, { stride: described.stride });
    case 'relu':
      return relu();
    case 'tanh':
      return tanh();
    case 'flatten':
      return flatten();
  }
}

function activationOf(described: Described): Layer[] {
  const name = 'activation' in described ? described.activation : undefined;
  if (name === undefined) return [];
  return [name === 'tanh' ? tanh() : relu()];
}

/** Of vectors, the first layer that has a width tells it. */
function inputsOf(layers: readonly Described[]): number {
  for (const described of layers) {
    if (described.type === 'dense') return described.inputs;
    if (described.type === 'batch-norm') return described.features;
    if (described.type === 'conv2d' || described.type === 'max-pool') break;
  }
  throw new InputError({
    what: 'Nothing says how large the input of the model is',
    got: layers[0]!.type,
    legal: 'model.inputShape, [channels, height, width]',
  });
}
