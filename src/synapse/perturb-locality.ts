import { z } from 'zod';
import { KernelError } from '../core/errors';
import { RandomStreams } from '../core/random';
import { aFunction, made, validate } from '../core/validate';
import { type Activities, areActivities, neuronShownBy, noActivities } from '../kernel/activities';
import { auditLocality, parameterRoles } from '../kernel/audit-locality';
import { guessArrays } from '../kernel/guess-arrays';
import type { Kernel } from '../kernel/kernel';
import { type KernelFunction, parseKernel, sourceOf } from '../kernel/source';
import { type Argument, changedEntry, drawArguments } from './perturbation-inputs';
import type { Rule } from './rule';

/**
 * Runs a rule for synapses 0 to count-1 and gives each one's number.
 * @param kernel the rule's function
 * @param args an array (one entry a synapse) or a number for each parameter, in order
 * @param count how many synapses there are
 */
export type KernelRunner = (
  kernel: KernelFunction,
  args: readonly Argument[],
  count: number,
) => ArrayLike<number>;

/** How a rule is perturbed. */
export interface PerturbOptions {
  /** How many synapses the rule runs for: 2 or more, 16 by default. */
  readonly synapses?: number;
  /** How many random populations are tried: 8 by default. */
  readonly trials?: number;
  /** Seed of the random populations: 0 by default. */
  readonly seed?: number;
  /** Which of its arrays show a synapse its two neurons, as a source of credit declares it: breaches then say whose neuron was another's. */
  readonly activities?: Activities;
  /** What runs the rule: a plain loop by default. */
  readonly call?: KernelRunner;
}

/** One way in which a synapse's number depended on more than its own quantities. */
export interface LocalityBreach {
  /**
   * The quantity that was changed. Also `(order)`: all synapses were put in another order; `(population)`: some
   * were left out; `(repeat)`: nothing was changed; `write to NAME`: the rule itself changed that array.
   */
  readonly quantity: string;
  /** Which neuron of the changed synapse the quantity shows; left out where it is the synapse's own. */
  readonly neuron?: 'presynaptic' | 'postsynaptic';
  /** The synapse whose entry was changed, or its new number under `(order)` and `(population)`. */
  readonly changed: number;
  /** The synapse whose result (or entry, for a write) is not what it was. */
  readonly affected: number;
  readonly before: number;
  readonly after: number;
  /** The random population in which it was seen, counted from 0. */
  readonly trial: number;
  /** For a whole rule: the quantity whose kernel it was. */
  readonly writes?: string;
}

/** What perturbing a rule showed. */
export interface PerturbResult {
  /** No breach was seen, and the rule ran. */
  readonly local: boolean;
  readonly breaches: readonly LocalityBreach[];
  /** Why the rule could not be run to its end: what it threw, or that it gave no number. */
  readonly failure?: string;
}

const perturbOptions = z.strictObject({
  synapses: z.int().min(2).default(16),
  trials: z.int().min(1).default(8),
  seed: z.int().min(0).default(0),
  activities: made<Activities>('{ pre, post }, two lists of names', areActivities).default(noActivities),
  call: aFunction<KernelRunner>().default(() => runPlainly),
});

/** Calls the rule synapse by synapse, with one fake `this` a run. */
function runPlainly(kernel: KernelFunction, args: readonly Argument[], count: number): ArrayLike<number> {
  const self = { thread: { x: 0, y: 0, z: 0 }, output: { x: count, y: 1, z: 1 }, constants: {} };
  return Array.from({ length: count }, (_, x) => {
    self.thread.x = x;
    return kernel.call(self, ...args);
  });
}

/** Thrown inside this file where a run cannot be compared with another. */
class RunFailure extends Error {}

function readable(rule: KernelFunction | Kernel) {
  if (typeof rule !== 'function') {
    const { call, parameters, arrays } = rule;
    return { call, parameters, arrays: new Set(arrays) };
  }
  const text = sourceOf(rule);
  if (auditLocality(text).local) {
    const { parameters, arrays } = parameterRoles(text);
    return { call: rule, parameters, arrays: new Set(arrays) };
  }
  return { call: rule, ...guessArrays(parseKernel(text)) };
}

/**
 * Proves by experiment what `auditLocality` reads in the text: for each synapse and quantity, that entry alone is
 * changed, and the results of all other synapses must stay bit-identical. A second run, another order of the
 * synapses and a part of the population must change no result either, and the rule may write to none of its arrays.
 * Works on any ordinary function, also on one that the audit refuses. Runs the rule. Of a whole rule, each kernel
 * is tried on its own.
 *
 * ```ts
 * perturbLocality(function (phi) { return phi[this.thread.x] - phi[0]; }).breaches[0]
 * // { quantity: 'phi', changed: 0, affected: 1, before: ..., after: ..., trial: 0 }
 * ```
 * @throws KernelError where the rule is no kernel at all, InputError where an option is out of range.
 */
export function perturbLocality(
  rule: KernelFunction | Kernel | Rule,
  options: PerturbOptions = {},
): PerturbResult {
  const { steps, call, parameters } = (rule ?? {}) as Partial<Rule & Kernel>;
  if (Array.isArray(steps)) return perturbSteps(rule as Rule, options);
  if (typeof rule === 'function' || (typeof call === 'function' && Array.isArray(parameters))) {
    return perturbKernel(rule as KernelFunction | Kernel, options);
  }
  throw new KernelError({
    what: 'There is no rule to perturb',
    got: rule,
    legal: 'an ordinary function, or what defineKernel or defineRule make',
  });
}

function perturbSteps({ steps }: Rule, options: PerturbOptions): PerturbResult {
  const results = steps.map(({ writes, kernel }) => ({ writes, ...perturbKernel(kernel, options) }));
  const failed = results.find(({ failure }) => failure !== undefined);
  return {
    local: results.every(({ local }) => local),
    breaches: results.flatMap(({ writes, breaches }) => breaches.map((breach) => ({ ...breach, writes }))),
    ...(failed === undefined ? {} : { failure: `${failed.writes}: ${failed.failure}` }),
  };
}

function perturbKernel(rule: KernelFunction | Kernel, options: PerturbOptions): PerturbResult {
  const { synapses, trials, seed, activities, call } = validate(
    perturbOptions,
    options,
    'the options of perturbLocality',
  );
  const random = new RandomStreams(seed).stream('perturb-locality');
  const { call: kernel, parameters, arrays } = readable(rule);
  const breaches = new Map<string, LocalityBreach>();
  const everyone = Int32Array.from({ length: synapses }, (_, i) => i);

  const run = (args: readonly Argument[], count: number, trial: number): number[] => {
    const given = args.map(copy);
    const results = Array.from(call(kernel, given, count));
    if (results.length !== count)
      throw new RunFailure(`It gave ${results.length} results for ${count} synapses`);
    const wrong = results.findIndex((result) => typeof result !== 'number');
    if (wrong >= 0) throw new RunFailure(`It gave ${typeof results[wrong]}, no number, for synapse ${wrong}`);
    args.forEach((before, i) => {
      if (typeof before === 'number') return;
      const after = given[i] as Float64Array;
      compare(before, after, `write to ${parameters[i]}`, everyone, (affected) => affected, trial);
    });
    return results;
  };
  const compare = (
    before: ArrayLike<number>,
    after: ArrayLike<number>,
    quantity: string,
    origin: ArrayLike<number>,
    changedBy: (affected: number) => number,
    trial: number,
  ): void => {
    for (let i = 0; i < after.length; i++) {
      const affected = origin[i]!;
      if (Object.is(before[affected], after[i])) continue;
      const changed = changedBy(i);
      const key = `${quantity}/${changed}/${affected}`;
      if (breaches.has(key)) continue;
      const neuron = neuronShownBy(activities, quantity);
      breaches.set(key, {
        ...{ quantity, ...(neuron === undefined ? {} : { neuron }), changed, affected },
        ...{ before: before[affected]!, after: after[i]!, trial },
      });
    }
  };

  try {
    for (let trial = 0; trial < trials; trial++) {
      const args = drawArguments(parameters, arrays, synapses, trial, random);
      const results = run(args, synapses, trial);
      compare(results, run(args, synapses, trial), '(repeat)', everyone, (i) => i, trial);
      for (const [quantity, kept] of [
        ['(order)', synapses],
        ['(population)', Math.ceil(synapses / 2)],
      ] as const) {
        const origin = random.permutation(synapses).slice(0, kept);
        compare(
          results,
          run(
            args.map((arg) => gather(arg, origin)),
            kept,
            trial,
          ),
          quantity,
          origin,
          (i) => i,
          trial,
        );
      }
      for (const [which, arg] of args.entries()) {
        if (typeof arg === 'number') continue;
        for (const changed of everyone) {
          const altered = args.map(copy);
          (altered[which] as Float64Array)[changed] = changedEntry(arg[changed]!, trial, random);
          const after = run(altered, synapses, trial);
          after[changed] = results[changed]!;
          compare(results, after, parameters[which]!, everyone, () => changed, trial);
        }
      }
    }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { local: false, breaches: [...breaches.values()], failure };
  }
  return { local: breaches.size === 0, breaches: [...breaches.values()] };
}

function copy(arg: Argument): Argument {
  return typeof arg === 'number' ? arg : Float64Array.from(arg);
}

function gather(arg: Argument, origin: Int32Array): Argument {
  return typeof arg === 'number' ? arg : Float64Array.from(origin, (i) => arg[i]!);
}
