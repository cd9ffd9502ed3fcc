import type { ParameterRole } from '../../network/layer';
import type { Network } from '../../network/network';
import { type InnerStep, metaWeights } from '../engine';
import { deviceBatch } from './device-batch';
import type { Handle, KernelMaker } from './kernel-maker';
import type { RoleVectors } from './layer-kernels';
import { NetworkKernels } from './network-kernels';
import { numbersAt } from './number-schedule';
import type { Handles } from './plan';
import { residualKernels } from './residual-kernels';
import { RuleKernels } from './rule-kernels';

/** What a plan is written for: how many samples the batches have; no replay where it has no effect. */
export interface BatchSizes {
  readonly train: number;
  readonly replay: number | null;
}

/** Writes down the computations of a session: calls kernels with handles, and gives handles of the results. */
export class PlanWriter {
  readonly rules: RuleKernels;
  private readonly networks = new Map<number, NetworkKernels>();

  constructor(
    private readonly network: Network,
    mode: string,
    private readonly make: KernelMaker,
  ) {
    this.rules = new RuleKernels(network.synapse.fast, network.size, mode, make);
  }

  outputs(values: Handles, samples: number): Handles {
    return { 'the outputs': this.kernels(samples).outputs(this.vectors(values), values['train x']!) };
  }

  /** dL/dparameters of one role. */
  gradient(values: Handles, role: ParameterRole, samples: number): Handles {
    const batch = deviceBatch('train', values);
    const gradient = this.kernels(samples).addGradient(
      role,
      values['the zeros']!,
      this.vectors(values),
      batch,
    );
    return { gradient };
  }

  /** (d2L/dphi2) direction. */
  hessianVector(values: Handles, samples: number): Handles {
    const directions = { fast: values['the direction']!, meta: values['the meta direction']! };
    const batch = deviceBatch('train', values);
    const kernels = this.kernels(samples);
    const still = values['the input tangent']!;
    return {
      'the product': kernels.addHessianVector(
        values['the zeros']!,
        this.vectors(values),
        directions,
        batch,
        still,
      ),
    };
  }

  /** The gradient of the augmented loss, and its squared norm in the history. */
  augmentedGradient(values: Handles, sizes: BatchSizes): Handles {
    const gradient = this.augmented(values, values, sizes);
    const remember = residualKernels(this.network.size, 1, this.make);
    return { gradient, 'the history': remember(values['the history']!, gradient) };
  }

  /**
   * Steps of the rule, each followed by the augmented gradient where it leads. Gives what the rule writes, the last gradient,
   * and the history of squared norms, the last one first.
   */
  steps(
    values: Handles,
    count: number,
    { rule }: InnerStep,
    changing: readonly string[],
    sizes: BatchSizes,
  ): Handles {
    const remember = residualKernels(this.network.size, count, this.make);
    let present = values;
    let history = values['the history']!;
    for (let step = 0; step < count; step++) {
      present = this.rules.apply(rule, present, numbersAt('rule', values, changing, step));
      const gradient = this.augmented(values, present, sizes);
      present = { ...present, gradient };
      history = remember(history, gradient);
    }
    const written = this.rules.writesOf(rule).map((name) => [name, present[name]!]);
    return { ...Object.fromEntries(written), gradient: present.gradient!, 'the history': history };
  }

  /** d/dphi of L(train) + R + beta L(replay), at the present quantities. */
  private augmented(values: Handles, present: Handles, { train, replay }: BatchSizes): Handle {
    const vectors = this.vectors(present);
    const batch = deviceBatch('train', values);
    let gradient = this.kernels(train).addGradient('fast', values['the zeros']!, vectors, batch);
    if (replay !== null) {
      const replayed = deviceBatch('replay', values);
      gradient = this.kernels(replay).addGradient('fast', gradient, vectors, replayed);
    }
    const { pull } = this.network.synapse;
    return this.rules.apply(pull, { ...present, gradient }, numbersAt('pull', values)).gradient!;
  }

  /** A network without meta-parameters has no vector of them, and no kernel that would read it. */
  private vectors(values: Handles): RoleVectors {
    return { fast: values[this.network.synapse.fast]!, meta: values[metaWeights]! };
  }

  private kernels(samples: number): NetworkKernels {
    let kernels = this.networks.get(samples);
    if (kernels === undefined) {
      kernels = new NetworkKernels(this.network, samples, this.make);
      this.networks.set(samples, kernels);
    }
    return kernels;
  }
}
