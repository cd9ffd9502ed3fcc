import type { Kernel } from '../../kernel/kernel';
import type { Rule } from '../../synapse/rule';
import type { KernelMaker, PlannedKernel } from './kernel-maker';
import type { Handles } from './plan';

/** Compiles rules for one number of synapses, from the very text that was audited. */
export class RuleKernels {
  private readonly kernels = new Map<string, PlannedKernel>();

  /** @param fast the quantity that rules call `value` */
  constructor(
    private readonly fast: string,
    private readonly size: number,
    private readonly make: KernelMaker,
  ) {}

  /** The quantities that a rule writes, by their own names. */
  writesOf(rule: Rule): string[] {
    return [...new Set(rule.writes.map((name) => this.own(name)))];
  }

  /** The quantities as they are after the rule. */
  apply(rule: Rule, quantities: Handles, scalars: Handles): Handles {
    let present = quantities;
    for (const { writes, kernel } of rule.steps) {
      const values = kernel.parameters.map((name) =>
        kernel.arrays.includes(name) ? present[this.own(name)]! : scalars[name]!,
      );
      present = { ...present, [this.own(writes)]: this.compiled(kernel)(...values) };
    }
    return present;
  }

  private own(name: string): string {
    return name === 'value' ? this.fast : name;
  }

  private compiled(kernel: Kernel): PlannedKernel {
    let compiled = this.kernels.get(kernel.source);
    if (compiled === undefined) {
      compiled = this.make(kernel.call, [this.size]);
      this.kernels.set(kernel.source, compiled);
    }
    return compiled;
  }
}
