import { z } from 'zod';
import { allFinite, ofLength } from '../core/checks';
import { InputError } from '../core/errors';
import { lazyList } from '../core/lazy-list';
import { hasFields, made, validate } from '../core/validate';
import { type SynapseModel, synapseModelSchema } from './model';
import { Synapse } from './synapse';
import type { Topology } from './topology';

/** Populations, of this copy of the library or of another one. */
export const populationSchema = made<Population>('a population of synapses', (value) =>
  hasFields(value, {
    model: 'object',
    topology: 'object',
    values: 'function',
    set: 'function',
    setOne: 'function',
  }),
);

const topologySchema = z.custom<Topology>(
  (value) =>
    hasFields(value ?? {}, { size: 'number', connection: 'function' }) &&
    Number.isSafeInteger((value as Topology).size) &&
    (value as Topology).size > 0 &&
    ((value as Topology).blocks === undefined || Array.isArray((value as Topology).blocks)),
  "a network's topology",
);

/**
 * All synapses of a network, as a struct of arrays: one float64 array for each variable of the model.
 * `synapses` are live views on these arrays, never copies.
 */
export class Population {
  private readonly arrays: Record<string, Float64Array>;
  private held = false;
  /** `synapses[42]` is a live view on synapse 42. */
  readonly synapses: readonly Synapse[];

  constructor(
    readonly model: SynapseModel,
    readonly topology: Topology,
  ) {
    validate(synapseModelSchema, model, 'the synapse model of a population');
    validate(topologySchema, topology, 'the topology of a population');
    const variables = [model.fast, ...model.meta];
    this.arrays = Object.fromEntries(variables.map((name) => [name, new Float64Array(topology.size)]));
    this.synapses = lazyList('Synapses', topology.size, (index) => new Synapse(this, index));
  }

  /** How many synapses. */
  get size(): number {
    return this.topology.size;
  }

  /** The fast variable, then the slow ones. */
  get variables(): readonly string[] {
    return Object.keys(this.arrays);
  }

  /**
   * The live array of one variable. Whoever writes to it keeps it finite and in range; `set` checks.
   * @throws InputError where the model has no such variable.
   */
  values(variable: string): Float64Array {
    const values = this.arrays[variable];
    if (values !== undefined) return values;
    throw new InputError({
      what: 'This synapse model has no such variable',
      got: variable,
      legal: this.variables.join(', '),
    });
  }

  /**
   * Sets one variable of all synapses, to one number or to one number each.
   * @throws InputError where the length is wrong, a value is not finite, or below 0 where the model forbids it; or while it is held.
   */
  set(variable: string, values: ArrayLike<number> | number): void {
    this.checkFree();
    const array = this.values(variable);
    this.check(variable, values);
    if (typeof values === 'number') array.fill(values);
    else array.set(values);
  }

  /** Sets one variable of one synapse, with the same checks as `set`. */
  setOne(variable: string, index: number, value: number): void {
    this.checkFree();
    const array = this.values(variable);
    allFinite(`${variable} of synapse ${index}`, [value]);
    if (this.model.nonNegative.includes(variable)) checkNonNegative(`${variable}[${index}]`, value);
    array[index] = value;
  }

  /** @throws InputError where `set` would refuse these values. */
  check(variable: string, values: ArrayLike<number> | number): void {
    const given = typeof values === 'number' ? [values] : values;
    if (typeof values !== 'number') ofLength(variable, given, this.values(variable).length);
    allFinite(variable, given);
    if (!this.model.nonNegative.includes(variable)) return;
    for (let i = 0; i < given.length; i++) checkNonNegative(`${variable}[${i}]`, given[i]!);
  }

  /**
   * Refuses changes by `set` and through synapses and neurons until `release`: whoever learns here would overwrite them, or use half of
   * them.
   */
  hold(): void {
    this.held = true;
  }

  /** Lets changes through again. */
  release(): void {
    this.held = false;
  }

  private checkFree(): void {
    if (!this.held) return;
    throw new InputError({
      what: 'The synapses cannot be set while a task is learned',
      advice: 'Wait until what learns is done; or listen to events$: from "meta-update" on they can be set',
    });
  }
}

function checkNonNegative(name: string, value: number): void {
  if (value >= 0) return;
  throw new InputError({
    what: `${name} must not be negative`,
    got: value,
    legal: `${name} >= 0`,
    advice: 'A negative strength would push the fast weight away without bound',
  });
}
