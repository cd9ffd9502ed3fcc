import { RandomStreams } from '../../core/random';
import { validate } from '../../core/validate';
import { initialise } from '../initialiser';
import type { Network } from '../network';
import { neuronChain } from '../neuron-chain';
import { type RandomFeedbackCredit, randomFeedbackSchema } from './random-feedback';

/**
 * The fixed weights by which errors come to each stage's neurons but the last, row-major: feedback alignment's [outputs of the stage][outputs of the next], each
 * drawn as the next stage's weights are; direct feedback's [outputs of the stage][outputs of the network], uniform in +-1/sqrt(outputs of the network).
 * From the named stream `feedback`, stage after stage.
 * @throws InputError where the network is no chain of dense layers, or the credit is none of random feedback.
 */
export function feedbackWeights(network: Network, credit: RandomFeedbackCredit): readonly Float64Array[] {
  const { kind, seed } = validate(randomFeedbackSchema, credit, 'the credit');
  const stages = neuronChain(network, kind);
  const stream = new RandomStreams(seed).stream('feedback');
  return stages.slice(0, -1).map(({ outputs }, l) => {
    const next = stages[l + 1]!;
    if (kind === 'direct-feedback') {
      const values = new Float64Array(outputs * stages.at(-1)!.outputs);
      initialise(values, 'uniform-fan-in', stages.at(-1)!.outputs, stream);
      return values;
    }
    const { spec } = network.blocks.find(({ offset }) => offset === next.weight)!;
    const values = new Float64Array(outputs * next.outputs);
    initialise(values, spec.initialiser, spec.fanIn, stream);
    return values;
  });
}
