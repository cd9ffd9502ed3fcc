import { madeBy } from '../core/origin';
import type { Kernel } from '../kernel/kernel';
import { checkQuantities } from './check-quantities';
import type { Rule } from './rule';
import type { Quantities, RuleExecutor, Scalars } from './rule-executor';

/** Computes a kernel for every synapse into `out`, calling it plainly with a fake `this`, in float64. */
export function callKernel(
  kernel: Kernel,
  quantities: Quantities,
  scalars: Scalars,
  out: Float64Array,
): void {
  const call = bindKernel(kernel, quantities, out);
  call(scalars);
}

/**
 * A kernel bound to its arrays, to be called once a step without allocating.
 * Writing in place is safe: a local kernel reads entry i only, and before it writes it.
 */
export function bindKernel(
  kernel: Kernel,
  quantities: Quantities,
  out: Float64Array,
): (scalars: Scalars) => void {
  const self = { thread: { x: 0 } };
  const values: unknown[] = kernel.parameters.map((name) => quantities[name]);
  const scalarAt = kernel.scalars.map((name) => [kernel.parameters.indexOf(name), name] as const);
  return (scalars) => {
    for (const [position, name] of scalarAt) values[position] = scalars[name];
    for (let i = 0; i < out.length; i++) {
      self.thread.x = i;
      out[i] = kernel.call.apply(self, values);
    }
  };
}

/** The float64 twin of the GPU.js executor, for theory, oracles and tests: `--rules plain`. */
export function plainExecutor(): RuleExecutor {
  return madeBy('src/synapse/plain-executor', 'plainExecutor', [], {
    report: { executor: 'plain', precision: 'float64', mode: null, fallbackReason: null },
    run(rule: Rule, quantities: Quantities, scalars: Scalars = {}): void {
      checkQuantities(rule, quantities, scalars);
      for (const { writes, kernel } of rule.steps)
        callKernel(kernel, quantities, scalars, quantities[writes]!);
    },
    close() {},
  });
}
