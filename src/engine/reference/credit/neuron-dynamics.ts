import type { Batch } from '../../../data/batch';
import type { Credit } from '../../../network/credit/credit';
import type { Network } from '../../../network/network';
import type { NeuronStage } from '../../../network/neuron-chain';
import type { ForwardState } from './forward-state';
import type { OutputCost } from './output-cost';

/** Where neurons live: a chain of stages, for batches of one number of samples. Arrays of a stage are [samples][inputs] or [samples][outputs]. */
export interface NeuronSurroundings<C extends Credit = Credit> {
  readonly network: Network;
  readonly stages: readonly NeuronStage[];
  readonly credit: C;
  readonly samples: number;
  /** The fast variable of all synapses, as it is at each moment. */
  readonly phi: Float64Array;
  /** The free phase of the neurons, ready to be computed. */
  readonly free: ForwardState;
  /** The loss of each sample, as its output neurons feel it. */
  readonly cost: OutputCost;
}

/** What neurons do with a batch. */
export interface NeuronDynamics {
  /** By the names that the credit gives: of what is presynaptic [samples][inputs], of what is postsynaptic [samples][outputs], by stage. */
  readonly activities: Readonly<Record<string, readonly Float64Array[]>>;
  /** Numbers of each sample, [samples], by the names of the credit's `modulators`; left out where it has none. */
  readonly modulators?: Readonly<Record<string, Float64Array>>;
  /** The states of the neurons, [samples][outputs] by stage. */
  readonly states: readonly Float64Array[];
  /**
   * Lets neurons come to what synapses learn from.
   * @param watch is called before the first sweep, with 0, and after each one
   * @throws UnstableNeuronsError where they would not settle.
   */
  settle(batch: Batch, watch?: (sweep: number) => void): void;
  /** How far from settled they are, behind `settle`: 0 is settled, 1 as far as where they began. */
  residual(): number;
}

/** The arithmetic of one kind of credit in float64. */
export interface NeuronArithmetic<C extends Credit = Credit> {
  readonly kind: C['kind'];
  /** @throws InputError where the network or its loss does not fit. */
  open(surroundings: NeuronSurroundings<C>): NeuronDynamics;
}
