import type { GPU } from 'gpu.js';
import { compileForGpu } from '../../synapse/compile-for-gpu';
import { layoutOf } from './texture-layout';

/**
 * A value on the device while a plan is written down: nobody can look at it, it only goes from kernel to kernel.
 * Vectors are [index]; activations are [samples][width].
 */
export type Handle = { readonly handle: unique symbol };

/** A kernel as a plan calls it: with values on the device, and with numbers that all threads share. */
export type PlannedKernel = (...values: (Handle | number)[]) => Handle;

/** What `this` is in a kernel: which entry it works out, and the numbers that it was compiled with. */
export interface DeviceThis<Constants = Record<string, never>> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Constants;
}

/** Compiles kernels, each for one size of its output: [length], or [width, samples] for activations. */
export type KernelMaker = (
  kernel: unknown,
  output: readonly number[],
  constants?: Readonly<Record<string, number>>,
  functions?: readonly string[],
) => PlannedKernel;

/** Makes kernels of one GPU.js instance. */
export function kernelMaker(gpu: GPU): KernelMaker {
  return (kernel, output, constants, functions) => {
    const layout = layoutOf(gpu.mode, output);
    // Which sample a thread works for is then its place on the third axis.
    const made = layout === output ? kernel : String(kernel).replaceAll('this.thread.y', 'this.thread.z');
    return compileForGpu(gpu, made, { output: layout, constants, functions }) as PlannedKernel;
  };
}
