import { coreForm } from '../../../kernel/core-form';
import type { Kernel } from '../../../kernel/kernel';
import { parseKernel } from '../../../kernel/source';
import { type UniformNumbers, Uniforms } from '../../../kernel/uniforms';
import { lowerKernel } from './lower-kernel';
import { checkLimits } from './module-limits';
import { firstQuantity, PassCode, set } from './pass-code';
import { PassLoop } from './pass-loop';
import { i32, moduleBytes } from './wasm-code';

/** One write of a pass: the kernel's value becomes the quantity's new value. */
export interface KernelStep {
  readonly writes: string;
  readonly kernel: Kernel;
}

export interface LoweringOptions {
  /** Names that stand for another quantity, such as `value` for phi. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** A quantity whose squares are summed, in float64, as they are after the first step: the gradient's, for the residual. */
  readonly sumOfSquares?: string;
  /** Quantities that are written for later steps of the pass only, and not brought back to memory. */
  readonly transient?: readonly string[];
}

/** A pass as a WebAssembly module. It exports `run(count, numbers, sum, ...quantities)`: how many synapses, and where all else lies. */
export interface LoweredPass {
  readonly bytes: Uint8Array;
  /** In their order; each is at a multiple of 16 and padded to a multiple of four numbers. */
  readonly quantities: readonly string[];
  /** How many numbers of float64 it reads, one behind the other: what its kernels make of their scalars alone. */
  readonly numbers: number;
  /** Works these out for the scalars of a step. */
  readonly numbersOf: UniformNumbers;
}

/**
 * Kernels one after the other for each synapse, in one pass over the synapses, four at a time. That is legal because each
 * kernel is local: it was audited to read entry i only. Every quantity is loaded once, and stored once where it is written.
 * Numbers are float32, but for what is the same for all synapses, which is worked out in float64 before.
 * @throws KernelError where the kernels are longer than WebAssembly allows.
 */
export function lowerKernels(steps: readonly KernelStep[], options: LoweringOptions = {}): LoweredPass {
  const { aliases = {}, sumOfSquares, transient = [] } = options;
  // Its own names only: a variable may be called `constructor`.
  const canonical = (name: string): string => (Object.hasOwn(aliases, name) ? aliases[name]! : name);
  const touched = steps.flatMap(({ writes, kernel }) => [...kernel.arrays, writes]);
  if (sumOfSquares !== undefined) touched.push(sumOfSquares);
  const quantities = [...new Set(touched.map(canonical))];
  const uniforms = new Uniforms();
  const parsed = steps.map(({ writes, kernel }) => {
    const statements = coreForm(parseKernel(kernel.source));
    return { writes, statements, uniforms: uniforms.find(statements) };
  });

  const pass = new PassCode(quantities);
  const holds = (name: string): number => pass.quantity(canonical(name));
  const written = [...new Set(steps.map(({ writes }) => canonical(writes)))];
  const loop = new PassLoop(pass, {
    loads: quantities,
    stores: written.filter((name) => !transient.includes(name)),
    steps: parsed.map(({ writes, ...kernel }) => [
      ...lowerKernel({ ...kernel, quantity: holds }, pass),
      ...set(holds(writes)),
    ]),
    squared: sumOfSquares === undefined ? null : canonical(sumOfSquares),
  }).code();
  const body = [...pass.before, ...loop];
  const parameters = Array<number>(firstQuantity + quantities.length).fill(i32);
  const { imports, locals } = pass;
  const module = { imports, parameters, locals, body };
  checkLimits(
    steps.map(({ kernel }) => kernel),
    module,
  );
  return { bytes: moduleBytes(module), quantities, numbers: uniforms.count, numbersOf: uniforms.numbers };
}
