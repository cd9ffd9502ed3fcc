import type { UniformNumbers } from '../../kernel/uniforms';
import type { Network } from '../../network/network';
import type { Rule } from '../../synapse/rule';
import type { Scalars } from '../../synapse/rule-executor';
import { type LoweredPass, lowerKernels } from './lowering/lower-kernels';
import { argumentList } from './machine/argument-list';
import type { Machine } from './machine/machine';
import { type Allocation, inFloat64, type Vector } from './machine/shared-memory';

/** A pass over all synapses, bound to a session's arrays. */
export interface BoundPass {
  readonly bytes: Uint8Array;
  /** What it is called with. */
  readonly given: readonly number[];
  /** Where it reads what is the same for all synapses, in float64. */
  readonly numbers: Float64Array;
  /** Works these out: `into[from]` and what follows it. */
  readonly numbersOf: UniformNumbers;
  /** Runs it in this thread. */
  run(scalars: Scalars): void;
}

export type Way = 'pull' | 'step' | 'pulled step';

/** Passes are lowered once for each rule and way to run it, whatever the session. */
const lowered = new WeakMap<Rule, Map<string, LoweredPass>>();

interface RuleBinderOptions {
  readonly machine: Machine;
  readonly network: Network;
  readonly allocation: Allocation;
  /** The session's array of a quantity, by the name that the synapse model or the rule's buffers give it. */
  vector(quantity: string): Vector;
}

/** Binds rules to the arrays of one session, as passes over its synapses. */
export class RuleBinder {
  /** [1]: the sum of squares of the gradient, where the last pass that was to sum them has left it. */
  readonly squares: Float64Array;
  private readonly sum: Vector;
  private readonly bound = new Map<Rule, Map<Way, BoundPass>>();

  constructor(private readonly options: RuleBinderOptions) {
    this.sum = options.allocation.vector(2);
    this.squares = inFloat64(this.sum).subarray(0, 1);
  }

  /** gradient <- gradient + dR/dphi; leaves the sum of its squares. */
  get pull(): BoundPass {
    return this.bind(this.options.network.synapse.pull, 'pull');
  }

  /** The rule alone. */
  step(rule: Rule): BoundPass {
    return this.bind(rule, 'step');
  }

  /** The penalty's pull and then the rule, in one pass; leaves the sum of squares of the gradient between the two. */
  pulledStep(rule: Rule): BoundPass {
    return this.bind(rule, 'pulled step');
  }

  private bind(rule: Rule, way: Way): BoundPass {
    const ways = this.bound.get(rule) ?? new Map<Way, BoundPass>();
    this.bound.set(rule, ways);
    let bound = ways.get(way);
    if (bound === undefined) {
      bound = this.bindPass(this.lower(rule, way));
      ways.set(way, bound);
    }
    return bound;
  }

  private bindPass({ bytes, quantities, numbers: count, numbersOf }: LoweredPass): BoundPass {
    const { machine, network, allocation, vector } = this.options;
    const place = allocation.vector(2 * count);
    const numbers = inFloat64(place).subarray(0, count);
    const pointers = quantities.map((name) => vector(name).pointer);
    const given = argumentList([network.size, place.pointer, this.sum.pointer, ...pointers]);
    return {
      ...{ bytes, given, numbers, numbersOf },
      run(scalars) {
        numbersOf(scalars, numbers, 0);
        machine.pass(bytes).apply(null, given);
      },
    };
  }

  private lower(rule: Rule, way: Way): LoweredPass {
    const { synapse } = this.options.network;
    const ways = lowered.get(rule) ?? new Map<string, LoweredPass>();
    lowered.set(rule, ways);
    // The pull, and the name of the fast variable, are the synapse model's.
    const key = `${way} ${synapse.fast} ${way === 'step' ? '' : synapse.penalty}`;
    let found = ways.get(key);
    if (found === undefined) {
      const pulled = way === 'pulled step';
      const steps = pulled ? [...synapse.pull.steps, ...rule.steps] : rule.steps;
      const transient = pulled && !rule.writes.includes('gradient') ? ['gradient'] : [];
      const sumOfSquares = way === 'step' ? undefined : 'gradient';
      found = lowerKernels(steps, { aliases: { value: synapse.fast }, sumOfSquares, transient });
      ways.set(key, found);
    }
    return found;
  }
}
