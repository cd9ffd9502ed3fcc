import { dense } from '../src/network/layers/dense';
import { modulation } from '../src/network/layers/modulation';
import { relu } from '../src/network/layers/relu';
import { mse } from '../src/network/loss';
import { type MlpOptions, mlp } from '../src/network/mlp';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse, defineSynapse, type SynapseModel } from '../src/synapse/model';

/** The usual network for sinusoid regression (Finn et al. 2017), 1-40-40-1, of complex synapses or others. */
export function sinusoidMlp(
  hidden = 40,
  synapse: SynapseModel = complexSynapse,
  options: Pick<MlpOptions, 'activation' | 'initialiser'> = { activation: 'relu' },
): Network {
  return mlp([1, hidden, hidden, 1], { ...options, synapse });
}

/**
 * The same network learning by modulation: gains, thresholds and readout are fast, all other weights are meta. So are the
 * hidden units' biases, which spread the kinks over the inputs: thresholds start at 0 in each task.
 */
export function modulatedSinusoidMlp(hidden = 40): Network {
  return defineNetwork({
    input: [1],
    layers: [
      dense(1, hidden, { role: 'meta' }),
      modulation(hidden),
      relu(),
      dense(hidden, hidden, { role: 'meta' }),
      modulation(hidden),
      relu(),
      dense(hidden, 1),
    ],
    loss: mse,
    // Without slow variables of its own and without a penalty: it learns freely inside a task.
    synapse: defineSynapse({ fast: 'phi', meta: [], penalty: '0' }),
  });
}
