import type { Network } from '../../network/network';
import type { Rule } from '../../synapse/rule';
import type { Scalars } from '../../synapse/rule-executor';
import { type LoweredPass, lowerKernels } from './lowering/lower-kernels';
import type { Machine } from './machine';
import type { Vector } from './shared-memory';

/** One pass over all synapses, bound to a session's arrays; gives the sum of squares that it was made to give. */
export type BoundPass = (scalars: Scalars) => number;

const noScalars: Scalars = {};

/** Passes are compiled once for each rule and way to run it, whatever the session. */
const compiled = new WeakMap<Rule, Map<string, { pass: LoweredPass; run: (...given: number[]) => number }>>();

/** Binds rules to the arrays of one session, as passes over its synapses. */
export class RuleBinder {
  private readonly bound = new Map<Rule, Map<string, BoundPass>>();
  private readonly pullPass: BoundPass;

  constructor(
    private readonly machine: Machine,
    private readonly network: Network,
    /** The session's array of a quantity, by the name that the synapse model or the rule's buffers give it. */
    private readonly vector: (quantity: string) => Vector,
  ) {
    this.pullPass = this.bind(network.synapse.pull, 'pull');
  }

  /** gradient <- gradient + dR/dphi; gives the sum of its squares. */
  pull(): number {
    return this.pullPass(noScalars);
  }

  /** The rule alone. */
  step(rule: Rule): BoundPass {
    return this.bind(rule, 'step');
  }

  /** The penalty's pull and then the rule, in one pass; gives the sum of squares of the gradient between the two. */
  pulledStep(rule: Rule): BoundPass {
    return this.bind(rule, 'pulled step');
  }

  private bind(rule: Rule, way: 'pull' | 'step' | 'pulled step'): BoundPass {
    const ways = this.bound.get(rule) ?? new Map<string, BoundPass>();
    this.bound.set(rule, ways);
    let bound = ways.get(way);
    if (bound === undefined) {
      bound = this.bindPass(this.compile(rule, way));
      ways.set(way, bound);
    }
    return bound;
  }

  private bindPass({ pass, run }: { pass: LoweredPass; run: (...given: number[]) => number }): BoundPass {
    const { quantities, scalars } = pass;
    const given = [this.network.size, ...quantities.map((name) => this.vector(name).pointer)];
    const first = given.length;
    for (const _ of scalars) given.push(0);
    return (values) => {
      for (let i = 0; i < scalars.length; i++) given[first + i] = values[scalars[i]!]!;
      return run.apply(null, given);
    };
  }

  private compile(rule: Rule, way: 'pull' | 'step' | 'pulled step') {
    const { synapse } = this.network;
    const ways = compiled.get(rule) ?? new Map();
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
      found = { pass, run: this.instantiate(pass.bytes) };
      ways.set(key, found);
    }
    return found;
  }

  private instantiate(bytes: Uint8Array): (...given: number[]) => number {
    const { memory, math } = this.machine;
    const module = new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory }, math });
    return exports.run as (...given: number[]) => number;
  }
}
