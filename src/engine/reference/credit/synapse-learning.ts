import type { Network } from '../../../network/network';
import type { NeuronStage } from '../../../network/neuron-chain';
import type { Quantities, Scalars } from '../../../synapse/rule-executor';
import { bindPlainly } from '../bind-rule';
import type { NeuronDynamics } from './neuron-dynamics';
import { SynapseViews } from './synapse-views';

/** Where synapses learn: from what neurons do with batches of one number of samples. */
interface LearningSurroundings {
  readonly network: Network;
  readonly stages: readonly NeuronStage[];
  readonly samples: number;
  readonly dynamics: NeuronDynamics;
  /** What rules read and write of each synapse, by name. */
  readonly quantities: Quantities;
}

/** Has every synapse learn from all samples by the rule of the network's credit, in their order. @param scalars what the rule is given, by sample */
export type SynapseLearning = (scalars: (sample: number) => Scalars) => void;

/** How an engine has synapses learn. */
export type OpenLearning = (surroundings: LearningSurroundings) => SynapseLearning;

/** The rule as it is written, in float64, sample by sample. */
export const learnPlainly: OpenLearning = ({ network, stages, samples, dynamics, quantities }) => {
  const { rule, activities: names } = network.credit;
  const views = new SynapseViews(stages, names, rule!.reads, dynamics.activities, network.size);
  const learn = bindPlainly(rule!, { ...quantities, ...views.quantities });
  return (scalars) => {
    for (let sample = 0; sample < samples; sample++) {
      views.show(sample);
      learn(scalars(sample));
    }
  };
};
