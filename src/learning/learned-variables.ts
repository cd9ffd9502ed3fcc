import { allFinite, ofLength } from '../core/checks';
import { copyState } from '../core/copy-state';
import { InputError } from '../core/errors';
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

  /** phi and theta are drawn from the stream; slow variables start as the synapse declares, or at 0 where it declares no value. */
  constructor(network: Network, stream: RandomStream) {
    const drawn = initialParameters(network, stream);
    this.population = new Population(network.synapse, network.topology);
    this.population.set(network.synapse.fast, drawn.fast);
    for (const [name, { initial }] of Object.entries(network.synapse.declared))
      if (initial !== null) this.population.set(name, initial);
    this.theta = drawn.meta;
    this.neurons = neuronsOf(network, this.population);
  }

  /** Of everything that learns, inside tasks and between them. */
  get names(): readonly string[] {
    return [this.population.model.fast, ...Object.keys(this.slow)];
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

  /**
   * Checks values that are to be set: of all these variables, and of no others.
   * @throws InputError where one is missing, is not known, or has a value that is not legal.
   */
  check(values: FirstValues, variables: readonly string[]): void {
    const given = Object.keys(values);
    const wrong = [...given, ...variables].find((name) => given.includes(name) !== variables.includes(name));
    if (wrong !== undefined) {
      const what = given.includes(wrong) ? 'There is no variable' : 'There are no values of variable';
      throw new InputError({ what: `${what} "${wrong}" here`, got: given, legal: variables.join(', ') });
    }
    for (const variable of variables) {
      if (variable === metaWeights && this.theta.length > 0) checkTheta(values[variable]!, this.theta);
      else this.population.check(variable, values[variable]!);
    }
  }

  /** A copy of every variable's values, for `set` to bring back. */
  save(): Record<string, Float64Array> {
    return copyState({ [this.population.model.fast]: this.fast, ...this.slow });
  }

  private setOne(variable: string, values: ArrayLike<number> | number): void {
    if (variable !== metaWeights || this.theta.length === 0) {
      this.population.set(variable, values);
      return;
    }
    checkTheta(values, this.theta);
    if (typeof values === 'number') this.theta.fill(values);
    else this.theta.set(values);
  }
}

/** Copies of arrays, by name, that nobody else writes to. */
export function copiesOf(arrays: Quantities): Quantities {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice()]));
}

function checkTheta(values: ArrayLike<number> | number, { length }: Float64Array): void {
  if (typeof values !== 'number') ofLength(metaWeights, values, length);
  allFinite(metaWeights, typeof values === 'number' ? [values] : values);
}
