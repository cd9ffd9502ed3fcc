import type { Network } from '../../../network/network';
import { type NeuronStage, neuronChain } from '../../../network/neuron-chain';
import type { Kernels } from '../machine/kernels';
import type { Allocation } from '../machine/shared-memory';
import type { RoleVectors } from '../passes/simd-pass';
import type { OfWeights } from './credit-kernels';
import { creditKernels } from './credit-table';
import { StageWeights } from './stage-weights';
import type { Trouble } from './trouble';

interface PartWeightsOptions {
  readonly network: Network;
  readonly vectors: RoleVectors;
  readonly kernels: Kernels;
  readonly allocation: Allocation;
  readonly trouble: Trouble;
}

/** The weights as one part of a step takes them, for all batches of it: training data and replayed ones. */
export class PartWeights {
  readonly chain: readonly NeuronStage[];
  readonly stages: readonly StageWeights[];
  /** What the kind of credit has beside them. */
  readonly own: OfWeights;

  constructor({ network, vectors, kernels, allocation, trouble }: PartWeightsOptions) {
    const allocate = (count: number) => allocation.vector(count);
    const { credit } = network;
    this.chain = neuronChain(network, credit.kind);
    this.stages = this.chain.map(
      (stage, l) => new StageWeights({ stage, vectors, kernels, allocate, turns: l > 0 }),
    );
    const { chain, stages } = this;
    this.own = creditKernels(credit).ofWeights({
      network,
      credit,
      chain,
      stages,
      kernels,
      allocate,
      trouble,
    });
  }

  /** Takes the present values. */
  load(): void {
    for (const stage of this.stages) stage.load();
    this.own.load();
  }
}
