import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
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
 * @throws InputError where fewer than two widths are given, or there is no such activation.
 */
export function mlp(widths: readonly number[], options: MlpOptions): Network {
  if (widths.length < 2) {
    throw new InputError({
      what: 'An mlp needs the widths of its input and its output at least',
      got: widths,
      legal: 'two widths or more, such as [13, 20, 1]',
    });
  }
  const { activation: name = 'tanh' } = options;
  const activation = activations[name];
  if (activation === undefined) {
    const legal = Object.keys(activations);
    throw new InputError({
      what: 'There is no such activation',
      got: name,
      legal: legal.join(', '),
      advice: didYouMean(name, legal),
    });
  }
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
