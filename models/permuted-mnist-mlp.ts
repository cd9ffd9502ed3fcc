import { crossEntropy } from '../src/network/loss';
import { mlp } from '../src/network/mlp';
import type { Network } from '../src/network/network';
import type { SynapseModel } from '../src/synapse/model';

/** The network that is usual for permuted MNIST: 784 pixels, hidden layers of rectified units, ten classes for all tasks alike. */
export const permutedMnistMlp = (synapse: SynapseModel, hidden: readonly number[] = [200, 200]): Network =>
  mlp([784, ...hidden, 10], { activation: 'relu', loss: crossEntropy, synapse });
