import { allFinite, ofLength } from '../core/checks';
import type { RandomStream } from '../core/random';
import { metaWeights } from '../engine/engine';
import { initialParameters, type Network } from '../network/network';
import { type Neuron, neuronsOf } from '../network/neuron';
import { Population } from '../synapse/population';
import type { Quantities } from '../synapse/rule-executor';

/** First values by variable: one number for all, or one each. */
export type FirstValues = Readonly<Record<string, ArrayLike<number> | number>>;

/** Everything of a network that learns: its synapses' variables, and whole weights (theta) where it has some. */
export class LearnedVariables {
  readonly population: Population;
  /** Whole weights that learn between tasks only, in the network's flat order of them; empty where it has none. */
  readonly theta: Float64Array;
  /** Live views on the neurons whose gain and threshold learn; empty where the network has none. */
  readonly neurons: readonly Neuron[];

  /** phi and theta are drawn from the stream; slow variables start at 0. */
  constructor(network: Network, stream: RandomStream) {
    const drawn = initialParameters(network, stream);
    this.population = new Population(network.synapse, network.topology);
    this.population.set(network.synapse.fast, drawn.fast);
    this.theta = drawn.meta;
    this.neurons = neuronsOf(network, this.population);
  }

  /** The live array of what learns inside a task. */
  get fast(): Float64Array {
    return this.population.values(this.population.model.fast);
  }

  /** Live arrays of everything that learns between tasks, by name. */
  get slow(): Quantities {
    const own = this.population.model.meta.map((name) => [name, this.population.values(name)]);
    return Object.fromEntries(this.theta.length > 0 ? [...own, [metaWeights, this.theta]] : own);
  }

  /** @throws InputError where there is no such variable, or a value is not legal. */
  set(values: FirstValues): void {
    for (const [variable, given] of Object.entries(values)) this.setOne(variable, given);
  }

  /** A copy of every variable's values, for `set` to bring back. */
  save(): Record<string, Float64Array> {
    return structuredClone({ [this.population.model.fast]: this.fast, ...this.slow });
  }

  private setOne(variable: string, values: ArrayLike<number> | number): void {
    if (variable !== metaWeights || this.theta.length === 0) {
      this.population.set(variable, values);
      return;
    }
    const given = typeof values === 'number' ? new Float64Array(this.theta.length).fill(values) : values;
    ofLength(variable, given, this.theta.length);
    allFinite(variable, given);
    this.theta.set(given);
  }
}
