import {
  type KernelStep,
  type LoweringOptions,
  lowerKernels,
} from '../../../src/engine/simd/lowering/lower-kernels';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { inFloat64, type Vector } from '../../../src/engine/simd/machine/shared-memory';

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
  const [numbers, sum] = [memory.allocate(2 * pass.numbers), memory.allocate(2)];
  pass.numbersOf(scalars, inFloat64(numbers), 0);
  const pointers = [numbers, sum, ...pass.quantities.map(place)].map(({ pointer }) => pointer);
  (instance.exports.run as (...given: number[]) => void)(count, ...pointers);
  const after = Object.fromEntries(pass.quantities.map((name) => [name, place(name).values.slice(0, count)]));
  const squares = inFloat64(sum)[0]!;
  memory.release(numbers);
  memory.release(sum);
  return { after, sum: squares };
}
