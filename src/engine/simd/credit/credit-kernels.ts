import type { Credit } from '../../../network/credit/credit';
import type { Network } from '../../../network/network';
import type { NeuronStage } from '../../../network/neuron-chain';
import type { Rule } from '../../../synapse/rule';
import type { Kernels } from '../machine/kernels';
import type { Vector } from '../machine/shared-memory';
import type { Chain } from './chain';
import type { StageWeights } from './stage-weights';
import type { Trouble } from './trouble';

/** What a kind of credit works out of the weights, whatever the batch. */
export interface OfWeights {
  load(): void;
}

/** What it finds there. */
interface WeightsSurroundings<C extends Credit = Credit> {
  readonly network: Network;
  readonly credit: C;
  readonly chain: readonly NeuronStage[];
  readonly stages: readonly StageWeights[];
  readonly kernels: Kernels;
  readonly trouble: Trouble;
  allocate(count: number): Vector;
}

/** What neurons of one kind of credit work with, for batches of one number of samples. */
interface NeuronSurroundings<C extends Credit = Credit, Own extends OfWeights = OfWeights> {
  readonly network: Network;
  readonly credit: C;
  readonly samples: number;
  readonly kernels: Kernels;
  readonly chain: Chain;
  /** What `ofWeights` gave. */
  readonly own: Own;
  readonly trouble: Trouble;
  allocate(count: number): Vector;
}

/** Neurons bound to their arrays: each method calls kernels only, so that it can be written down once and run wherever kernels run. */
export interface BoundNeurons {
  /** The forward pass, and whatever the first sweep starts from. */
  begin(): void;
  readonly sweeps: number;
  /** Each neuron anew. @param isFirst whether this is the first sweep behind `begin` */
  sweep(isFirst: boolean): void;
  /** gradient = (add ? gradient : 0) + weight times what synapses make of a batch. */
  learn(weight: number, add: boolean): void;
  readonly watched: WatchedNeurons;
}

/** A look at neurons from outside. */
interface WatchedNeurons {
  /** [stage]: the states, each [samples][outputs]. */
  states(sweep: number): Float64Array[];
  /** Looks at what they have begun with, between `begin` and the first sweep: kernels to run first, then what to remember. */
  readonly first: Look;
  /** How far from settled they are, behind the last sweep: by kernels to run, and then what to make of it. */
  readonly last: Look<number>;
}

interface Look<Seen = void> {
  /** Called before the kernels are run. */
  before(): void;
  kernels(): void;
  after(): Seen;
}

/** How the simd engine works out one kind of credit. */
export interface CreditKernels<C extends Credit = Credit, Own extends OfWeights = OfWeights> {
  readonly kind: C['kind'];
  /** What synapses make of their neurons' activity here: no other rule. */
  readonly rule: Rule;
  /** Whether neurons may turn out to have no state, which then is found out before each step. */
  mayFail(credit: C, network: Network): boolean;
  /** @throws UnstableNeuronsError where no weights let neurons settle. */
  ofWeights(surroundings: WeightsSurroundings<C>): Own;
  bind(surroundings: NeuronSurroundings<C, Own>): BoundNeurons;
}
