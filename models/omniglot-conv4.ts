import type { Layer, ParameterRole } from '../src/network/layer';
import { batchNorm } from '../src/network/layers/batch-norm';
import { conv2d } from '../src/network/layers/conv2d';
import { dense } from '../src/network/layers/dense';
import { flatten } from '../src/network/layers/flatten';
import { maxPool } from '../src/network/layers/pool';
import { relu } from '../src/network/layers/relu';
import { crossEntropy } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse, defineSynapse, type SynapseModel } from '../src/synapse/model';

/** Sizes of the network for few-shot characters. */
export interface OmniglotConv4Sizes {
  /** Classes of a task. Default 5. */
  readonly ways?: number;
  /** Channels behind each convolution. Default 64, as published. */
  readonly filters?: number;
}

/**
 * The usual network for few-shot classification of characters (Vinyals et al. 2016): images of 28 x 28 pixels, four times a convolution of
 * 3 x 3, batch norm on the statistics of the batch at hand, ReLU and a pool of 2 x 2; what is left, one number a channel, is read out to the
 * classes of a task. Weights begin uniform in +-sqrt(6 / inputs), biases at 0. With five classes 112,261 synapses.
 */
export function omniglotConv4(
  sizes: OmniglotConv4Sizes = {},
  synapse: SynapseModel = complexSynapse,
): Network {
  return conv4(sizes, 'fast', synapse);
}

/**
 * The same network learning by modulation: gains and thresholds of batch norm and the readout are fast, with five classes 837 numbers; the
 * convolutions' weights and biases are theta, whole weights that learn between tasks. No penalty: it learns freely inside a task.
 */
export function modulatedOmniglotConv4(sizes: OmniglotConv4Sizes = {}): Network {
  return conv4(sizes, 'meta', defineSynapse({ fast: 'phi', meta: [], penalty: '0' }));
}

/** @param role What the convolutions' parameters are; all others are fast. */
function conv4(
  { ways = 5, filters = 64 }: OmniglotConv4Sizes,
  role: ParameterRole,
  synapse: SynapseModel,
): Network {
  const begun = { initialiser: 'kaiming-uniform', biasInitialiser: 'zeros' } as const;
  const block = (inputs: number): Layer[] => [
    conv2d(inputs, filters, { kernel: 3, padding: 1, role, ...begun }),
    batchNorm(filters),
    relu(),
    maxPool(2),
  ];
  return defineNetwork({
    input: [1, 28, 28],
    layers: [
      ...block(1),
      ...block(filters),
      ...block(filters),
      ...block(filters),
      flatten(),
      dense(filters, ways, begun),
    ],
    loss: crossEntropy,
    synapse,
  });
}
