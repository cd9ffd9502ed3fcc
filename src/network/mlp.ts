import { InputError } from '../core/errors';
import type { SynapseModel } from '../synapse/model';
import type { Initialiser } from './initialiser';
import type { Layer } from './layer';
import { dense } from './layers/dense';
import { relu } from './layers/relu';
import { tanh } from './layers/tanh';
import { type Loss, mse } from './loss';
import { defineNetwork, type Network } from './network';

const activations = { tanh, relu } as const;

export interface MlpOptions {
  /** Between the layers, not behind the last one. Default `tanh`. */
  readonly activation?: keyof typeof activations;
  readonly synapse: SynapseModel;
  /** Default `mse`. */
  readonly loss?: Loss;
  readonly initialiser?: Initialiser;
}

/**
 * A multi-layer perceptron: `mlp([13, 20, 1], ...)` has 13 inputs, 20 hidden units, one linear output.
 * @throws InputError where fewer than two widths are given.
 */
export function mlp(widths: readonly number[], options: MlpOptions): Network {
  if (widths.length < 2) {
    throw new InputError({
      what: 'An mlp needs the widths of its input and its output at least',
      got: widths,
      legal: 'two widths or more, such as [13, 20, 1]',
    });
  }
  const activation = activations[options.activation ?? 'tanh'];
  const layers: Layer[] = [];
  for (let i = 1; i < widths.length; i++) {
    if (i > 1) layers.push(activation());
    layers.push(dense(widths[i - 1]!, widths[i]!, { initialiser: options.initialiser }));
  }
  return defineNetwork({
    input: [widths[0]!],
    layers,
    loss: options.loss ?? mse,
    synapse: options.synapse,
  });
}
