import { shown } from '../core/shown';
import type { Topology } from './topology';

/** Where a synapse's values live: its population. */
export interface SynapseValues {
  readonly topology: Topology;
  readonly variables: readonly string[];
  values(variable: string): Float64Array;
  setOne(variable: string, index: number, value: number): void;
}

/** One synapse: a live view on its population's arrays. Reading sees the present; setting changes the network. */
export class Synapse {
  readonly #population: SynapseValues;

  constructor(
    population: SynapseValues,
    /** Its place in the network's flat order. */
    readonly index: number,
  ) {
    this.#population = population;
  }

  /** Index of the layer that it belongs to. */
  get layer(): number {
    return this.#population.topology.connection(this.index).layer;
  }

  /** `weight`, `bias`, ... */
  get parameter(): string {
    return this.#population.topology.connection(this.index).parameter;
  }

  /** The unit that it comes from, in a kernel the input channel; null for a bias. */
  get from(): number | null {
    return this.#population.topology.connection(this.index).from;
  }

  /** In a kernel of three dimensions, its place along the first of them. */
  get depth(): number | undefined {
    return this.#population.topology.connection(this.index).depth;
  }

  /** In a kernel, its row. */
  get row(): number | undefined {
    return this.#population.topology.connection(this.index).row;
  }

  /** In a kernel, its column. */
  get column(): number | undefined {
    return this.#population.topology.connection(this.index).column;
  }

  /** The unit that it ends on, of a convolution the output channel. */
  get to(): number {
    return this.#population.topology.connection(this.index).to;
  }

  /** The fast weight. */
  get phi(): number {
    return this.get('phi');
  }

  set phi(value: number) {
    this.set('phi', value);
  }

  /** The slow weight that phi is drawn to. */
  get omega(): number {
    return this.get('omega');
  }

  set omega(value: number) {
    this.set('omega', value);
  }

  /** How strongly phi is drawn to omega; never negative. */
  get lambda(): number {
    return this.get('lambda');
  }

  set lambda(value: number) {
    this.set('lambda', value);
  }

  /**
   * Any variable of the synapse's model, by name.
   * @throws InputError where the model has no such variable.
   */
  get(variable: string): number {
    return this.#population.values(variable)[this.index]!;
  }

  /** @throws InputError where the model has no such variable, or the value is not legal. */
  set(variable: string, value: number): void {
    this.#population.setOne(variable, this.index, value);
  }

  /** Connection and present values, as a plain object. */
  toJSON(): Record<string, number | string | null> {
    const connection = this.#population.topology.connection(this.index);
    const values = this.#population.variables.map((name) => [name, this.get(name)]);
    return { ...connection, ...Object.fromEntries(values) };
  }

  /** What Node's console prints. */
  [shown](_depth: number, _options: object, inspect: (value: unknown, options: object) => string): string {
    return `Synapse ${inspect(this.toJSON(), { breakLength: Infinity })}`;
  }
}
