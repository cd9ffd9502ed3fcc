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
 * LeNet-5 as the paper has it for CIFAR-10 (Appendix F): two convolutions of 5 x 5, each with a pool behind it, three dense layers, and batch
 * norm before each ReLU. All 62,458 weights, biases, gains and thresholds are synapses.
 */
export function lenet5(synapse: SynapseModel = complexSynapse): Network {
  const hidden = (layer: Layer, features: number): Layer[] => [layer, batchNorm(features), relu()];
  return defineNetwork({
    input: [3, 32, 32],
    layers: [
      ...hidden(conv2d(3, 6, { kernel: 5 }), 6),
      maxPool(2),
      ...hidden(conv2d(6, 16, { kernel: 5 }), 16),
      maxPool(2),
      flatten(),
      ...hidden(dense(400, 120), 120),
      ...hidden(dense(120, 84), 84),
      dense(84, 10),
    ],
    loss: crossEntropy,
    synapse,
  });
}
