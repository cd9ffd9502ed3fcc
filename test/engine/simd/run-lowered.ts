import {
  type KernelStep,
  type LoweringOptions,
  lowerKernels,
} from '../../../src/engine/simd/lowering/lower-kernels';
import { openMachine } from '../../../src/engine/simd/machine';
import type { Vector } from '../../../src/engine/simd/shared-memory';

const { memory, math } = openMachine();
/** Synapses: no multiple of four, so that the last vector is part padding. */
export const count = 11;

interface LoweredRun {
  /** Every quantity after the pass. */
  readonly after: Record<string, Float32Array>;
  readonly sum: number;
}

const places = new Map<string, Vector>();

/** Where a quantity lies, the same in every run. */
export function place(name: string): Vector {
  const found = places.get(name) ?? memory.allocate(count);
  places.set(name, found);
  return found;
}

/** Lowers kernels, and runs them once over `count` synapses. */
export function runLowered(
  steps: readonly KernelStep[],
  values: (name: string) => ArrayLike<number>,
  scalars: Record<string, number>,
  options?: LoweringOptions,
): LoweredRun {
  const pass = lowerKernels(steps, options);
  const module = new WebAssembly.Module(pass.bytes);
  const instance = new WebAssembly.Instance(module, { env: { memory: memory.memory }, math });
  for (const name of pass.quantities) place(name).values.set(values(name));
  const given = [count, ...pass.quantities.map((name) => place(name).pointer)];
  pass.numbersOf(scalars, given, given.length);
  const sum = (instance.exports.run as (...given: number[]) => number)(...given);
  const after = Object.fromEntries(pass.quantities.map((name) => [name, place(name).values.slice(0, count)]));
  return { after, sum };
}
