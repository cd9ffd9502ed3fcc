import { crossEntropy } from '../src/network/loss';
import { mlp } from '../src/network/mlp';
import type { Network } from '../src/network/network';
import { complexSynapse, type SynapseModel } from '../src/synapse/model';

/**
 * The paper's network for MNIST (Appendix F): 784 pixels, five hidden layers of 256 tanh units, ten classes. All 466,698 weights and biases are
 * synapses.
 * @param hidden Units of each hidden layer, where others are wanted.
 */
export function mnistMlp(
  synapse: SynapseModel = complexSynapse,
  hidden: readonly number[] = [256, 256, 256, 256, 256],
): Network {
  return mlp([784, ...hidden, 10], { activation: 'tanh', loss: crossEntropy, synapse });
}
