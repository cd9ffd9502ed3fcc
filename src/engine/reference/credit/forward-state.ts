import type { NeuronStage } from '../../../network/neuron-chain';
import { ratesOf, timesSlopes } from './activations';
import { driveOf } from './products';

/** The free phase of the neurons: each layer as the one below drives it. */
export class ForwardState {
  /** s, [samples][outputs] by stage. */
  readonly states: readonly Float64Array[];
  /** What synapses see of the neurons that they come from, [samples][inputs] by stage. */
  readonly pre: readonly Float64Array[];
  /** The rates of the neurons that they end on, [samples][outputs] by stage; of outputs, their states. */
  readonly post: readonly Float64Array[];

  constructor(
    private readonly stages: readonly NeuronStage[],
    samples: number,
  ) {
    this.states = stages.map(({ outputs }) => new Float64Array(samples * outputs));
    this.pre = stages.map(({ inputs }) => new Float64Array(samples * inputs));
    this.post = [...this.pre.slice(1), this.states.at(-1)!];
  }

  get outputs(): Float64Array {
    return this.states.at(-1)!;
  }

  /** values = rho'(s_l) values, of the neurons of a stage: the slopes of their rates, 1 of outputs. */
  timesSlopes(l: number, values: Float64Array): void {
    const next = this.stages[l + 1];
    if (next !== undefined) timesSlopes(next.activation, this.states[l]!, values);
  }

  /** Lets the input drive them, layer by layer. */
  compute(phi: Float64Array, x: Float64Array): void {
    let below = x;
    this.stages.forEach((stage, l) => {
      ratesOf(stage.activation, below, this.pre[l]!);
      driveOf(stage, phi, this.pre[l]!, this.states[l]!);
      below = this.states[l]!;
    });
  }
}
