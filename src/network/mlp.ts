import { z } from 'zod';
import { validate } from '../core/validate';
import { type SynapseModel, synapseModelSchema } from '../synapse/model';
import { type Credit, creditSchema } from './credit/credit';
import { type Initialiser, initialiserSchema } from './initialiser';
import type { Layer } from './layer';
import { dense } from './layers/dense';
import { relu } from './layers/relu';
import { tanh } from './layers/tanh';
import { type Loss, lossSchema, mse } from './loss';
import { defineNetwork, type Network } from './network';

const activations = { tanh, relu } as const;

/** Settings of a multi-layer perceptron. */
export interface MlpOptions {
  /** Between the layers, not behind the last one. Default `tanh`. */
  readonly activation?: keyof typeof activations;
  readonly synapse: SynapseModel;
  /** Default `mse`. */
  readonly loss?: Loss;
  readonly initialiser?: Initialiser;
  /** Where its synapses' gradients come from. Default: `backprop`. */
  readonly credit?: Credit;
}

const widthsSchema = z.array(z.int().min(1)).min(2);

const mlpOptions = z.strictObject({
  activation: z.enum(['tanh', 'relu']).default('tanh'),
  synapse: synapseModelSchema,
  loss: lossSchema.optional(),
  initialiser: initialiserSchema.optional(),
  credit: creditSchema.optional(),
});

/**
 * A multi-layer perceptron: `mlp([13, 20, 1], ...)` has 13 inputs, 20 hidden units, one linear output.
 * @throws InputError where fewer than two widths are given, or an option is not legal.
 */
export function mlp(widths: readonly number[], options: MlpOptions): Network {
  validate(widthsSchema, widths, 'the widths of mlp');
  const given = validate(mlpOptions, options, 'the options of mlp');
  const { initialiser, loss = mse, synapse, credit } = given;
  const activation = activations[given.activation];
  const layers: Layer[] = [];
  for (let i = 1; i < widths.length; i++) {
    if (i > 1) layers.push(activation());
    layers.push(dense(widths[i - 1]!, widths[i]!, { initialiser }));
  }
  return defineNetwork({
    input: [widths[0]!],
    layers,
    loss,
    synapse,
    credit,
  });
}
