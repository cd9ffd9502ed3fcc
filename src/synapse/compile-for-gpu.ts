import type { GPU } from 'gpu.js';
import { whyNoMemory } from '../core/address-space';
import { KernelError } from '../core/errors';

/** What a kernel of GPU.js is compiled for. */
interface GpuKernelOptions {
  readonly output: readonly number[];
  readonly constants?: Readonly<Record<string, number>>;
  /** Texts of functions that the kernel calls. */
  readonly functions?: readonly string[];
}

/**
 * A kernel in single precision. Without the tactic GPU.js declares numbers of small kernels `lowp`, which phones and tablets take for
 * half precision or less.
 */
export function compileForGpu(gpu: GPU, kernel: unknown, options: GpuKernelOptions): unknown {
  const { output, constants = {}, functions = [] } = options;
  return gpu.createKernel(kernel as never, {
    ...{ output: [...output], constants: { ...constants }, precision: 'single', tactic: 'precision' },
    functions: [...functions] as never,
  });
}

/** What stands for an error of GPU.js, or of what it runs on, while it compiled or ran something. */
export function cannotRun(what: string, mode: string, error: unknown): KernelError {
  const { message } = error as Error;
  // V8 gives no other sign of it.
  const noMemory = error instanceof RangeError && /memory/i.test(message);
  return new KernelError({
    what: `GPU.js cannot run ${what} in mode "${mode}": ${noMemory ? `there is no memory, since ${whyNoMemory()}` : message}`,
    advice: noMemory
      ? 'Raise the limit (ulimit -v), or take --rules plain and another engine than gpujs'
      : 'Take --rules plain and another engine than gpujs',
  });
}
