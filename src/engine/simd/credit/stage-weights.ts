import type { NeuronStage } from '../../../network/neuron-chain';
import type { Kernels } from '../machine/kernels';
import { padded, type Vector } from '../machine/shared-memory';
import { PaddedRows } from '../passes/padded-rows';
import type { RoleVectors } from '../passes/simd-pass';

interface StageWeightsOptions {
  readonly stage: NeuronStage;
  readonly vectors: RoleVectors;
  readonly kernels: Kernels;
  /** Whether they are laid out as [inputs][outputs] too. */
  readonly turns: boolean;
  allocate(count: number): Vector;
}

/** A stage's weights and biases as products take them: brought there once for all products with them. */
export class StageWeights {
  private readonly rows: PaddedRows;
  private readonly biases: PaddedRows;
  private readonly laidOut: Vector | null;

  constructor(private readonly options: StageWeightsOptions) {
    const { stage, kernels, turns, allocate } = options;
    const { inputs, outputs } = stage;
    this.rows = new PaddedRows({ kernels, rows: outputs, width: inputs, allocate });
    this.biases = new PaddedRows({ kernels, rows: 1, width: outputs, allocate });
    this.laidOut = turns ? allocate(inputs * padded(outputs)) : null;
  }

  /** Takes the present values. */
  load(): void {
    const { laidOut } = this;
    const { stage, kernels } = this.options;
    const { inputs, outputs } = stage;
    this.rows.load(this.at('values', stage.weight));
    if (stage.bias !== null) this.biases.load(this.at('values', stage.bias));
    if (laidOut === null) return;
    const from = this.at('values', stage.weight);
    kernels.transposeRows(from, inputs, laidOut.pointer, padded(outputs), outputs, inputs);
  }

  /** [outputs][inputs], in padded rows. */
  get plain(): number {
    return this.rows.place(this.at('values', this.options.stage.weight));
  }

  /** [inputs][outputs], in padded rows. */
  get turned(): number {
    return this.laidOut!.pointer;
  }

  /** A padded row; 0 where there are none. */
  get bias(): number {
    const { bias } = this.options.stage;
    return bias === null ? 0 : this.biases.place(this.at('values', bias));
  }

  /** Writes gradients, or adds to them: of the weights by what `collect` leaves at a place, of the biases the sums of slopes over samples. */
  learn(slopes: number, samples: number, add: boolean, collect: (to: number, add: number) => void): void {
    const { stage, kernels } = this.options;
    const weights = this.at('gradient', stage.weight);
    collect(this.rows.place(weights), this.rows.addsInPlace(add));
    this.rows.store(weights, add);
    if (stage.bias === null) return;
    const biases = this.at('gradient', stage.bias);
    kernels.sumRows(slopes, padded(stage.outputs), biases, samples, stage.outputs, add ? 1 : 0);
  }

  private at(vector: 'values' | 'gradient', index: number): number {
    return this.options.vectors[vector].pointer + 4 * index;
  }
}
