import type { Network } from '../../network/network';
import type { Rule } from '../../synapse/rule';
import type { Scalars } from '../../synapse/rule-executor';
import { type LoweredPass, lowerKernels } from './lowering/lower-kernels';
import type { UniformNumbers } from './lowering/uniforms';
import type { Machine } from './machine';
import type { Vector } from './shared-memory';

/** A pass over all synapses, bound to a session's arrays. */
export interface BoundPass {
  readonly bytes: Uint8Array;
  /** What it is given first: the number of synapses, and where its arrays lie. */
  readonly given: readonly number[];
  /** How many numbers it is given behind that, which are the same for all synapses. */
  readonly numbers: number;
  /** Works these out, in float64: `into[from]` and what follows it. */
  readonly numbersOf: UniformNumbers;
  /** Runs it in this thread; gives the sum of squares that it was made to give. */
  run(scalars: Scalars): number;
}

export type Way = 'pull' | 'step' | 'pulled step';

interface Compiled {
  readonly pass: LoweredPass;
  readonly run: (...given: number[]) => number;
}

/** Passes are compiled once for each rule and way to run it, whatever the session. */
const compiled = new WeakMap<Rule, Map<string, Compiled>>();

/** Binds rules to the arrays of one session, as passes over its synapses. */
export class RuleBinder {
  private readonly bound = new Map<Rule, Map<Way, BoundPass>>();

  constructor(
    private readonly machine: Machine,
    private readonly network: Network,
    /** The session's array of a quantity, by the name that the synapse model or the rule's buffers give it. */
    private readonly vector: (quantity: string) => Vector,
  ) {}

  /** gradient <- gradient + dR/dphi; gives the sum of its squares. */
  get pull(): BoundPass {
    return this.bind(this.network.synapse.pull, 'pull');
  }

  /** The rule alone. */
  step(rule: Rule): BoundPass {
    return this.bind(rule, 'step');
  }

  /** The penalty's pull and then the rule, in one pass; gives the sum of squares of the gradient between the two. */
  pulledStep(rule: Rule): BoundPass {
    return this.bind(rule, 'pulled step');
  }

  private bind(rule: Rule, way: Way): BoundPass {
    const ways = this.bound.get(rule) ?? new Map<Way, BoundPass>();
    this.bound.set(rule, ways);
    let bound = ways.get(way);
    if (bound === undefined) {
      bound = this.bindPass(this.compile(rule, way));
      ways.set(way, bound);
    }
    return bound;
  }

  private bindPass({ pass: { bytes, quantities, numbers, numbersOf }, run }: Compiled): BoundPass {
    const given = [this.network.size, ...quantities.map((name) => this.vector(name).pointer)];
    // Of mixed elements, in which a number stands boxed once and for all: of numbers alone, each call would box them anew.
    const all: (number | undefined)[] = [...given, ...Array<undefined>(numbers)];
    let last: Scalars | null = null;
    return {
      ...{ bytes, given, numbers, numbersOf },
      run(scalars) {
        if (scalars !== last) {
          numbersOf(scalars, all as number[], given.length);
          last = Object.isFrozen(scalars) ? scalars : null; // what is frozen cannot have changed the next time
        }
        return run.apply(null, all as number[]);
      },
    };
  }

  private compile(rule: Rule, way: Way): Compiled {
    const { synapse } = this.network;
    const ways = compiled.get(rule) ?? new Map<string, Compiled>();
    compiled.set(rule, ways);
    // The pull, and the name of the fast variable, are the synapse model's.
    const key = `${way} ${synapse.fast} ${way === 'step' ? '' : synapse.penalty}`;
    let found = ways.get(key);
    if (found === undefined) {
      const pulled = way === 'pulled step';
      const steps = pulled ? [...synapse.pull.steps, ...rule.steps] : rule.steps;
      const transient = pulled && !rule.writes.includes('gradient') ? ['gradient'] : [];
      const sumOfSquares = way === 'step' ? undefined : 'gradient';
      const pass = lowerKernels(steps, { aliases: { value: synapse.fast }, sumOfSquares, transient });
      found = { pass, run: this.machine.pass(pass.bytes) };
      ways.set(key, found);
    }
    return found;
  }
}
