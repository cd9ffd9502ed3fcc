import { wholeNumber } from '../../../core/checks';
import { joined } from '../../../core/joined';
import { norm } from '../../../core/norm';
import type { Batch } from '../../../data/batch';
import type { Network } from '../../../network/network';
import { type NeuronStage, neuronChain } from '../../../network/neuron-chain';
import type { Relaxation, RelaxOptions } from '../../engine';
import type { GradientSource, SourceSurroundings } from '../gradient-source';
import { lossArithmetic } from '../loss-table';
import { checkCreditRule } from './check-credit-rule';
import { ForwardState } from './forward-state';
import type { NeuronDynamics } from './neuron-dynamics';
import { neuronArithmetic } from './neuron-table';
import { OutputCost } from './output-cost';
import { learnPlainly, type OpenLearning, type SynapseLearning } from './synapse-learning';
import { SynapseViews } from './synapse-views';

/** Relative step of the difference by which products with the Hessian are found: its two errors, of rounding and of the third derivative, are then equal. */
const relativeStep = Math.cbrt(Number.EPSILON);

/**
 * Credit without a backward pass: neurons settle, and each synapse adds its part of the gradient by its rule, sample by sample, from what it sees of its own
 * two neurons.
 */
export class LocalSource implements GradientSource {
  private readonly stages: readonly NeuronStage[];
  private readonly free: ForwardState;
  private readonly dynamics: NeuronDynamics;
  private readonly views: SynapseViews;
  private readonly learn: SynapseLearning;
  private readonly numbers: Record<string, number>;
  private batch: Batch | null = null;

  /** @param openLearning how synapses learn: plainly, in float64, unless an engine brings another way */
  constructor(
    private readonly surroundings: SourceSurroundings,
    openLearning: OpenLearning = learnPlainly,
  ) {
    const { network, samples, vectors, quantities } = surroundings;
    const { credit } = network;
    this.stages = checkLocal(network);
    const phi = vectors.fast.values;
    const { stages } = this;
    this.free = new ForwardState(stages, samples);
    this.dynamics = neuronArithmetic(credit).open({
      network,
      stages,
      credit,
      samples,
      phi,
      free: new ForwardState(stages, samples),
      cost: new OutputCost(network.loss, samples, stages.at(-1)!.outputs),
    });
    const { dynamics } = this;
    this.views = new SynapseViews(
      stages,
      credit.activities,
      credit.rule!.reads,
      dynamics.activities,
      network.size,
    );
    this.learn = openLearning({ network, stages, samples, dynamics, quantities });
    this.numbers = { ...credit.numbers, weight: 0 };
  }

  use(batch: Batch): this {
    this.batch = batch;
    return this;
  }

  evaluate(): { loss: number; outputs: Float64Array } {
    const { free, surroundings, batch } = this;
    const { network, samples, vectors } = surroundings;
    free.compute(vectors.fast.values, batch!.x);
    const loss = lossArithmetic(network.loss).forward(free.outputs, batch!.y, samples, null);
    return { loss, outputs: free.outputs.slice() };
  }

  addGradient(weight: number): void {
    const { dynamics, numbers, surroundings } = this;
    const { samples } = surroundings;
    dynamics.settle(this.batch!);
    numbers.weight = weight / samples;
    const modulators = Object.entries(dynamics.modulators ?? {});
    this.learn((sample) => {
      for (const [name, values] of modulators) numbers[name] = values[sample]!;
      return numbers;
    });
  }

  /** By a central difference of the gradient along the direction: of random feedback it is that of a field that is no gradient. */
  addHessianVector(): void {
    const { values, gradient, direction, product } = this.surroundings.vectors.fast;
    const length = norm(direction);
    if (length === 0) return;
    const step = (relativeStep * Math.max(1, norm(values))) / length;
    const here = values.slice();
    const slopeAt = (distance: number): Float64Array => {
      this.surroundings.buffers.begin();
      for (let i = 0; i < values.length; i++) values[i] = here[i]! + distance * direction[i]!;
      gradient.fill(0);
      this.addGradient(1);
      return gradient.slice();
    };
    try {
      const [ahead, behind] = [slopeAt(step), slopeAt(-step)];
      for (let i = 0; i < product.length; i++) product[i]! += (ahead[i]! - behind[i]!) / (2 * step);
    } finally {
      values.set(here);
    }
  }

  /** There are none: such networks do not normalise. */
  batchStatistics(): void {}

  /** What neurons do with the batch, and how far from rest they are left. */
  relax({ every }: RelaxOptions): Relaxation {
    if (every !== undefined) wholeNumber('every', every, 1);
    const frames: { sweep: number; states: Float64Array }[] = [];
    const { dynamics } = this;
    dynamics.settle(this.batch!, (sweep) => {
      if (every !== undefined && sweep % every === 0) frames.push({ sweep, states: joined(dynamics.states) });
    });
    return { residual: dynamics.residual(), frames };
  }

  /** What each synapse sees of its neurons, by name: [samples][synapses]; and what all are given alike: [samples]. */
  activity(): Readonly<Record<string, Float64Array>> {
    const { dynamics, views, surroundings } = this;
    const { samples, network } = surroundings;
    dynamics.settle(this.batch!);
    const seen = Object.entries(views.quantities).map(
      ([name, values]) => [name, new Float64Array(samples * network.size), values] as const,
    );
    for (let sample = 0; sample < samples; sample++) {
      views.show(sample);
      for (const [, all, values] of seen) all.set(values, sample * network.size);
    }
    const given = Object.entries(dynamics.modulators ?? {}).filter(([name]) =>
      network.credit.rule!.scalars.includes(name),
    );
    return Object.fromEntries([
      ...seen.map(([name, all]) => [name, all] as const),
      ...given.map(([name, values]) => [name, values.slice()] as const),
    ]);
  }
}

/** The network's stages. @throws InputError where it, its loss or its credit has no arithmetic here. */
export function checkLocal(network: Network): readonly NeuronStage[] {
  const { credit } = network;
  const stages = neuronChain(network, credit.kind);
  neuronArithmetic(credit);
  lossArithmetic(network.loss);
  checkCreditRule(network);
  return stages;
}
