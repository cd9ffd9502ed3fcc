import { GPU } from 'gpu.js';
import { InputError } from '../core/errors';
import { checkQuantities } from './bind-quantities';
import { type GpujsMode, gpujsModes } from './gpujs-modes';
import type { Kernel } from './kernel';
import type { Rule } from './rule';
import type { ExecutorReport, Quantities, RuleExecutor, Scalars } from './rule-executor';

/** What GPU.js tells of a built kernel beyond its published types. */
type BuiltKernel = ((...values: unknown[]) => ArrayLike<number>) & {
  readonly kernel: {
    readonly fallbackReason?: string | null;
    readonly constructor: { readonly mode?: string };
  };
  destroy(): void;
};

/** How many compiled kernels are kept; the one used longest ago is destroyed first. */
const capacity = 64;

/**
 * Runs rules through GPU.js, in parallel over synapses, in single precision.
 * Kernels are compiled once for each source and number of synapses, and kept until `close`.
 * @throws InputError where the mode is unknown, or this machine does not have it.
 */
export function gpujsExecutor(mode: GpujsMode = 'auto'): RuleExecutor {
  const gpu = openGpu(mode);
  const cache = new Map<string, BuiltKernel>();
  let report: ExecutorReport = {
    executor: 'gpujs',
    precision: 'float32',
    mode: gpu.mode,
    fallbackReason: null,
  };

  const compiled = (kernel: Kernel, size: number): BuiltKernel => {
    const key = `${size} ${kernel.source}`;
    const found = cache.get(key);
    const built =
      found ?? (gpu.createKernel(kernel.call as never, { output: [size] }) as unknown as BuiltKernel);
    cache.delete(key);
    cache.set(key, built);
    if (cache.size > capacity) {
      const [oldest, unused] = cache.entries().next().value!;
      unused.destroy();
      cache.delete(oldest);
    }
    return built;
  };

  return {
    get report() {
      return report;
    },
    run(rule: Rule, quantities: Quantities, scalars: Scalars = {}): void {
      const size = checkQuantities(rule, quantities, scalars);
      for (const { writes, kernel } of rule.steps) {
        const built = compiled(kernel, size);
        const values = kernel.parameters.map((name) =>
          kernel.arrays.includes(name) ? quantities[name] : scalars[name],
        );
        quantities[writes]!.set(built(...values));
        const fallbackReason = built.kernel.fallbackReason ?? null;
        if (fallbackReason !== null) {
          report = { ...report, mode: built.kernel.constructor.mode ?? 'cpu', fallbackReason };
        }
      }
    },
    close(): void {
      for (const kernel of cache.values()) kernel.destroy();
      cache.clear();
      gpu.destroy();
    },
  };
}

function openGpu(mode: GpujsMode): GPU {
  if (!gpujsModes.includes(mode)) {
    throw new InputError({ what: 'There is no such GPU.js mode', got: mode, legal: gpujsModes.join(', ') });
  }
  try {
    return new GPU(mode === 'auto' ? {} : { mode: mode as never });
  } catch (error) {
    throw new InputError({
      what: `GPU.js cannot run in mode "${mode}" on this machine: ${(error as Error).message}`,
      got: mode,
      legal: gpujsModes.join(', '),
      advice: 'Take "auto" for the fastest mode that this machine has, or run with --rules plain',
    });
  }
}
