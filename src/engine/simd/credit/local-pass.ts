import type { Network } from '../../../network/network';
import type { Kernels } from '../machine/kernels';
import type { Allocation, Vector } from '../machine/shared-memory';
import type { Stage } from '../passes/stages';
import { Chain } from './chain';
import type { BoundNeurons } from './credit-kernels';
import { creditKernels } from './credit-table';
import type { PartWeights } from './part-weights';
import type { Trouble } from './trouble';

interface LocalPassOptions {
  readonly network: Network;
  readonly samples: number;
  readonly weights: PartWeights;
  readonly allocation: Allocation;
  readonly kernels: Kernels;
  readonly trouble: Trouble;
  /** Runs kernels several times. */
  repeat(times: number, work: () => void): void;
}

/** Gradients without a backward pass, of batches of one number of samples: neurons do what their credit says, and synapses learn by their own two. */
export class LocalPass {
  readonly neurons: BoundNeurons;
  private readonly inputs = { pointer: 0 };
  private readonly targets = { pointer: 0 };
  private readonly own: Vector[] = [];

  constructor(private readonly options: LocalPassOptions) {
    const { network, samples, weights, kernels, trouble } = options;
    const { credit } = network;
    const { inputs, targets } = this;
    const allocate = (count: number) => this.allocate(count);
    const chain = new Chain({
      ...{ network, samples, kernels, inputs, targets, allocate },
      ...{ chain: weights.chain, weights: weights.stages },
    });
    this.neurons = creditKernels(credit).bind({
      ...{ network, credit, samples, kernels, chain, trouble, allocate, own: weights.own },
    });
  }

  /** Takes another batch of the same number of samples: where its inputs and targets lie. */
  use(inputs: number, targets: number): this {
    this.inputs.pointer = inputs;
    this.targets.pointer = targets;
    return this;
  }

  /** Bytes of the arrays that it has by now. */
  get bytes(): number {
    return this.own.reduce((sum, { values }) => sum + values.byteLength, 0);
  }

  /** Takes the present weights, and lets neurons begin. */
  begin(): void {
    this.options.weights.load();
    this.neurons.begin();
  }

  /** gradient = (add ? gradient : 0) + weight times what synapses make of the batch. */
  gradient(weight: number, add: boolean): void {
    const { neurons } = this;
    // What is added to has been worked out by the same part, from the same weights.
    if (!add) this.options.weights.load();
    neurons.begin();
    if (neurons.sweeps > 0) neurons.sweep(true);
    this.options.repeat(neurons.sweeps - 1, () => neurons.sweep(false));
    neurons.learn(weight, add);
  }

  gradientStages(weight: number, add: boolean): Stage[] {
    return [{ run: () => this.gradient(weight, add), join: null }];
  }

  /** Gives its arrays back. */
  close(): void {
    for (const vector of this.own) this.options.allocation.release(vector);
  }

  private allocate(count: number): Vector {
    const vector = this.options.allocation.vector(count);
    this.own.push(vector);
    return vector;
  }
}
