import { z } from 'zod';
import { nonEmptyText } from '../core/checks';
import { InputError, KernelError } from '../core/errors';
import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import { defineKernel, type Kernel, type KernelFunction } from '../kernel/kernel';

/** One write of a rule: the kernel's value becomes the quantity's new value. */
export interface RuleStep {
  readonly writes: string;
  readonly kernel: Kernel;
}

/**
 * A local learning rule as a description: which of its own synapse's quantities it reads and writes, and the
 * kernels that say how. It holds no values. Steps run in order, and later ones see what earlier ones wrote.
 */
export interface Rule {
  readonly name: string;
  readonly steps: readonly RuleStep[];
  /** Per-synapse quantities that the kernels read. */
  readonly reads: readonly string[];
  /** Per-synapse quantities that the rule writes. */
  readonly writes: readonly string[];
  /** Numbers shared by all synapses, such as a learning rate. */
  readonly scalars: readonly string[];
}

/**
 * Defines a local rule from kernel functions, each named by the quantity that it writes.
 *
 * ```ts
 * const decay = defineRule('decay', {
 *   phi: function (phi, lambda, rate) {
 *     return phi[this.thread.x] - rate * lambda[this.thread.x] * phi[this.thread.x];
 *   },
 * });
 * ```
 * @throws KernelError where a function is no kernel; LocalityError naming each expression that is not local.
 */
export function defineRule(name: string, kernels: Readonly<Record<string, KernelFunction | string>>): Rule {
  nonEmptyText("A rule's name", name);
  const given = validate(kernelsSchema, kernels, `the kernels of rule "${name}"`);
  const steps = Object.entries(given).map(([writes, kernel]) => ({
    writes,
    kernel: kernelOf(name, writes, kernel),
  }));
  if (steps.length === 0) {
    throw new InputError({ what: `Rule "${name}" writes nothing`, legal: 'one kernel or more' });
  }
  const arrays = new Set(steps.flatMap(({ kernel }) => kernel.arrays));
  const scalars = new Set(steps.flatMap(({ kernel }) => kernel.scalars));
  for (const scalar of scalars) {
    if (!arrays.has(scalar)) continue;
    throw new InputError({
      what: `Rule "${name}" reads "${scalar}" as a number in one kernel and as an array in another`,
      advice: 'Give the two different names',
    });
  }
  const texts = Object.fromEntries(steps.map(({ writes, kernel }) => [writes, kernel.source]));
  return madeBy('src/synapse/rule', 'defineRule', [name, texts], {
    name,
    steps,
    reads: [...arrays],
    writes: steps.map(({ writes }) => writes),
    scalars: [...scalars],
  });
}

/** Whether two rules are the same by their text: another copy of metaplast in the process has objects of its own. */
export function isSameRule(one: Rule, other: Rule): boolean {
  return (
    one.steps.length === other.steps.length &&
    one.steps.every(({ writes, kernel }, i) => {
      const { writes: written, kernel: same } = other.steps[i]!;
      return writes === written && kernel.source === same.source;
    })
  );
}

const kernelsSchema = z.record(z.string().min(1), z.union([z.string(), z.custom<KernelFunction>()]));

/** One kernel of a rule. Its errors name the rule, and the quantity that the kernel writes. */
function kernelOf(rule: string, writes: string, kernel: KernelFunction | string): Kernel {
  try {
    return defineKernel(kernel, rule);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new KernelError({
      ...error.report,
      what: `${error.report.what}, in what rule "${rule}" writes to ${writes}`,
    });
  }
}
