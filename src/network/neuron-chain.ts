import { InputError } from '../core/errors';
import { validate } from '../core/validate';
import type { DenseLayer } from './layers/dense';
import { type Network, networkSchema } from './network';

/** What a neuron's rate is of its state. */
export type Activation = 'identity' | 'tanh' | 'relu';

/** One layer of neurons, with the synapses that end on them. */
export interface NeuronStage {
  /** Index of its dense layer in the network. */
  readonly layer: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Index of its weights, [outputs][inputs], in the flat vector of fast parameters. */
  readonly weight: number;
  /** Index of its biases, [outputs]; null where it has none. */
  readonly bias: number | null;
  /** What the synapses see of the neurons that they come from (of the input, in the first stage). */
  readonly activation: Activation;
}

const activations: readonly string[] = ['tanh', 'relu'];

/**
 * A network as layers of neurons with synapses between them: dense layers, an activation or none before each.
 * @param who what needs it so, for the error
 * @throws InputError where the network has other layers, or ends with an activation.
 */
export function neuronChain(network: Network, who = 'local'): readonly NeuronStage[] {
  const { layers, blocks } = validate(networkSchema, network, 'the network');
  const stages: NeuronStage[] = [];
  let activation: Activation = 'identity';
  layers.forEach((layer, index) => {
    if (activations.includes(layer.kind) && activation === 'identity') {
      activation = layer.kind as Activation;
      return;
    }
    const own = blocks.filter((block) => block.layer === index);
    if (layer.kind !== 'dense' || own.length !== layer.parameters.length)
      throw refused(who, `layer ${index} (${layer.kind})`);
    const { inputs, outputs } = layer as DenseLayer;
    const offset = (name: string) => own.find(({ spec }) => spec.name === name)?.offset ?? null;
    stages.push({
      layer: index,
      inputs,
      outputs,
      weight: offset('weight')!,
      bias: offset('bias'),
      activation,
    });
    activation = 'identity';
  });
  if (activation !== 'identity') throw refused(who, `${activation} behind the last dense layer`);
  return stages;
}

function refused(who: string, got: string): InputError {
  return new InputError({
    what: `Credit by "${who}" does not know this layer`,
    got,
    legal:
      'dense layers that learn inside a task, tanh or relu or nothing before each, a dense layer at the end',
    advice: 'Take a network such as mlp() makes, or credit by "backprop"',
  });
}
