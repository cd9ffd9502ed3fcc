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

/** Sizes other than the paper's, for nets that are learned in seconds. */
export interface Lenet5Sizes {
  /** Channels behind each convolution. Default 6 and 16. */
  readonly channels?: readonly [first: number, second: number];
  /** Units of each hidden dense layer. Default 120 and 84. */
  readonly units?: readonly [first: number, second: number];
}

/**
 * LeNet-5 as the paper has it for CIFAR-10 (Appendix F): two convolutions of 5 x 5, each with a pool behind it, three dense layers, and batch
 * norm before each ReLU. All 62,458 weights, biases, gains and thresholds are synapses.
 */
export function lenet5(synapse: SynapseModel = complexSynapse, sizes: Lenet5Sizes = {}): Network {
  const { channels = [6, 16], units = [120, 84] } = sizes;
  const hidden = (layer: Layer, features: number): Layer[] => [layer, batchNorm(features), relu()];
  return defineNetwork({
    input: [3, 32, 32],
    layers: [
      ...hidden(conv2d(3, channels[0], { kernel: 5 }), channels[0]),
      maxPool(2),
      ...hidden(conv2d(channels[0], channels[1], { kernel: 5 }), channels[1]),
      maxPool(2),
      flatten(),
      ...hidden(dense(25 * channels[1], units[0]), units[0]),
      ...hidden(dense(units[0], units[1]), units[1]),
      dense(units[1], 10),
    ],
    loss: crossEntropy,
    synapse,
  });
}
