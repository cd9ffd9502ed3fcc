import { GPU } from 'gpu.js';
import { InputError } from '../core/errors';
import { RecentlyUsed } from '../core/recently-used';
import type { Kernel } from '../kernel/kernel';
import { checkQuantities } from './check-quantities';
import { type SynchronousMode, synchronousModes } from './gpujs-modes';
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
const keptKernels = 64;

/**
 * Runs rules through GPU.js, in parallel over synapses, in single precision.
 * Kernels are compiled once for each source and number of synapses, and kept until `close`.
 * @throws InputError where the mode is unknown, answers later (`webgpu`: take the gpujs engine), or this machine does not have it.
 */
export function gpujsExecutor(mode: SynchronousMode = 'auto'): RuleExecutor {
  const gpu = openGpu(mode);
  const kept = new RecentlyUsed<string, BuiltKernel>(keptKernels);
  let report: ExecutorReport = {
    executor: 'gpujs',
    precision: 'float32',
    mode: gpu.mode,
    fallbackReason: null,
  };

  const compiled = (kernel: Kernel, size: number): BuiltKernel => {
    const key = `${size} ${kernel.source}`;
    let built = kept.get(key);
    if (built === undefined) {
      built = gpu.createKernel(kernel.call as never, { output: [size] }) as unknown as BuiltKernel;
      kept.set(key, built)?.destroy();
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
      for (const kernel of kept.clear()) kernel.destroy();
      gpu.destroy();
    },
  };
}

function openGpu(mode: SynchronousMode): GPU {
  const legal = synchronousModes.join(', ');
  if ((mode as string) === 'webgpu') {
    throw new InputError({
      what: 'Rules by themselves cannot run in GPU.js mode "webgpu", which gives its results later',
      ...{ got: mode, legal, advice: 'Take the gpujs engine, whose phases run there' },
    });
  }
  if (!synchronousModes.includes(mode)) {
    throw new InputError({ what: 'There is no such GPU.js mode', got: mode, legal });
  }
  try {
    return new GPU(mode === 'auto' ? {} : { mode: mode as never });
  } catch (error) {
    throw new InputError({
      what: `GPU.js cannot run in mode "${mode}" on this machine: ${(error as Error).message}`,
      got: mode,
      legal,
      advice: 'Take "auto" for the fastest mode that this machine has, or run with --rules plain',
    });
  }
}
