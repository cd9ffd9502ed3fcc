import { mlp } from '../src/network/mlp';
import type { Network } from '../src/network/network';
import { complexSynapse, type SynapseModel } from '../src/synapse/model';

/**
 * The paper's small network for Boston housing: 13 inputs, one hidden layer of tanh units, one linear output.
 * With 20 hidden units all 13 x 20 + 20 + 20 + 1 = 301 parameters, biases included, are complex synapses, each
 * with its own lambda (Methods, "Toy regularization learning experiment").
 */
export function bostonMlp(hidden = 20, synapse: SynapseModel = complexSynapse): Network {
  return mlp([13, hidden, 1], { activation: 'tanh', synapse });
}
