import { type GpuKernel, lowerForGpu } from '../../kernel/gpu/lower-for-gpu';
import type { Rule } from '../../synapse/rule';
import type { Handle, KernelMaker, PlannedKernel } from './kernel-maker';
import type { Handles } from './plan';

/** Compiles rules for one number of synapses, from the very text that was audited, as the mode of GPU.js needs it. */
export class RuleKernels {
  private readonly kernels = new Map<string, PlannedKernel>();

  /** @param fast the quantity that rules call `value` */
  constructor(
    private readonly fast: string,
    private readonly size: number,
    private readonly mode: string,
    private readonly make: KernelMaker,
  ) {}

  /** The quantities that a rule writes, by their own names. */
  writesOf(rule: Rule): string[] {
    return [...new Set(rule.writes.map((name) => this.own(name)))];
  }

  lowered(rule: Rule): GpuKernel[] {
    return rule.steps.map(({ kernel }) => lowerForGpu(kernel, this.mode));
  }

  /**
   * The quantities as they are after the rule.
   * @param number what stands at a place among the numbers of one of the rule's kernels
   */
  apply(rule: Rule, quantities: Handles, number: (kernel: number, place: number) => Handle): Handles {
    let present = quantities;
    const lowered = this.lowered(rule);
    rule.steps.forEach(({ writes, kernel }, index) => {
      const { numbers } = lowered[index]!;
      const values = [
        ...kernel.arrays.map((name) => present[this.own(name)]!),
        ...Array.from({ length: numbers }, (_, place) => number(index, place)),
      ];
      present = { ...present, [this.own(writes)]: this.compiled(lowered[index]!)(...values) };
    });
    return present;
  }

  private own(name: string): string {
    return name === 'value' ? this.fast : name;
  }

  private compiled({ source, functions }: GpuKernel): PlannedKernel {
    let compiled = this.kernels.get(source);
    if (compiled === undefined) {
      compiled = this.make(source, [this.size], {}, functions);
      this.kernels.set(source, compiled);
    }
    return compiled;
  }
}
