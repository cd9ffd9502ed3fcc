import { GPU } from 'gpu.js';
import { InputError } from '../core/errors';
import { madeBy } from '../core/origin';
import { RecentlyUsed } from '../core/recently-used';
import { type GpuKernel, lowerForGpu } from '../kernel/gpu/lower-for-gpu';
import type { Kernel } from '../kernel/kernel';
import { checkGpu } from './check-gpu';
import { checkQuantities } from './check-quantities';
import { cannotRun, compileForGpu } from './compile-for-gpu';
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

/** A kernel for one number of synapses, and the numbers that it takes behind its arrays. */
interface CompiledKernel extends GpuKernel {
  readonly built: BuiltKernel;
  readonly values: Float64Array;
}

/** How many compiled kernels are kept; the one used longest ago is destroyed first. */
const keptKernels = 64;

/**
 * Runs rules through GPU.js, in parallel over synapses, in single precision.
 * Kernels are compiled once for each source and number of synapses, and kept until `close`.
 * @param fallbackReason why it is this mode and no faster one, for the report
 * @throws InputError where the mode is unknown, answers later (`webgpu`: take the gpujs engine), or this machine does not have it;
 * KernelError where a graphics device computes rules wrongly.
 */
export function gpujsExecutor(
  mode: SynchronousMode = 'auto',
  fallbackReason: string | null = null,
): RuleExecutor {
  const gpu = openGpu(mode);
  const kept = new RecentlyUsed<string, CompiledKernel>(keptKernels);
  let report: ExecutorReport = {
    executor: 'gpujs',
    precision: 'float32',
    mode: gpu.mode,
    fallbackReason,
    ...caveatOf(gpu),
  };

  const compiled = (kernel: Kernel, size: number): CompiledKernel => {
    const key = `${size} ${kernel.source}`;
    let found = kept.get(key);
    if (found === undefined) {
      const lowered = lowerForGpu(kernel, gpu.mode);
      const { source, functions, numbers } = lowered;
      const built = compileForGpu(gpu, source, { output: [size], functions }) as BuiltKernel;
      found = { ...lowered, built, values: new Float64Array(numbers) };
      kept.set(key, found)?.built.destroy();
    }
    return found;
  };

  return madeBy('src/synapse/gpujs-executor', 'gpujsExecutor', [mode, fallbackReason], {
    get report() {
      return report;
    },
    run(rule: Rule, quantities: Quantities, scalars: Scalars = {}): void {
      const size = checkQuantities(rule, quantities, scalars);
      for (const { writes, kernel } of rule.steps) {
        const { built, values, numbersOf } = compiled(kernel, size);
        numbersOf(scalars, values, 0);
        const arrays = kernel.arrays.map((name) => quantities[name]);
        try {
          quantities[writes]!.set(built(...arrays, ...values));
        } catch (error) {
          throw cannotRun(`rule "${rule.name}"`, gpu.mode, error);
        }
        const fallbackReason = built.kernel.fallbackReason ?? null;
        if (fallbackReason !== null) {
          report = { ...report, mode: built.kernel.constructor.mode ?? 'cpu', fallbackReason };
        }
      }
    },
    close(): void {
      for (const { built } of kept.clear()) built.destroy();
      gpu.destroy();
    },
  });
}

/** The modes that are opened here answer at once. */
function caveatOf(gpu: GPU): { caveat?: string } {
  const caveat = checkGpu(gpu) as string | null;
  return caveat === null ? {} : { caveat };
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
