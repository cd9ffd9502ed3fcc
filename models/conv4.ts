import type { Layer } from '../src/network/layer';
import { batchNorm } from '../src/network/layers/batch-norm';
import { conv2d } from '../src/network/layers/conv2d';
import { dense } from '../src/network/layers/dense';
import { flatten } from '../src/network/layers/flatten';
import { maxPool } from '../src/network/layers/pool';
import { relu } from '../src/network/layers/relu';
import { crossEntropy } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse, type SynapseModel } from '../src/synapse/model';

/**
 * The usual network for few-shot classification of characters (Vinyals et al. 2016): images of 28 x 28 pixels, four times a convolution of
 * 3 x 3 with 64 channels, batch norm, ReLU and a pool of 2 x 2; what is left, 64 numbers, is read out to the classes of a task. With five
 * classes 112,261 synapses.
 * @param ways How many classes a task has.
 */
export function conv4(ways = 5, synapse: SynapseModel = complexSynapse): Network {
  const block = (inputs: number): Layer[] => [
    conv2d(inputs, channels, { kernel: 3, padding: 1 }),
    batchNorm(channels),
    relu(),
    maxPool(2),
  ];
  return defineNetwork({
    input: [1, 28, 28],
    layers: [
      ...block(1),
      ...block(channels),
      ...block(channels),
      ...block(channels),
      flatten(),
      dense(channels, ways),
    ],
    loss: crossEntropy,
    synapse,
  });
}

const channels = 64;
