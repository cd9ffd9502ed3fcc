import type { Kernel } from '../../../synapse/kernel';
import { lowerKernel } from './lower-kernel';
import { get, PassCode, set } from './pass-code';
import { f32, i32, moduleBytes, op, signed, simd, vector } from './wasm-code';

/** The count, which is the first parameter, in bytes of float32. */
const bytesInAll = [...get(0), op.i32Const, ...signed(2), op.i32ShiftLeft];

/** One write of a pass: the kernel's value becomes the quantity's new value. */
export interface KernelStep {
  readonly writes: string;
  readonly kernel: Kernel;
}

export interface LoweringOptions {
  /** Names that stand for another quantity, such as `value` for phi. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** A quantity whose squares are summed as they are after the first step: the gradient's, for the residual. */
  readonly sumOfSquares?: string;
  /** Quantities that are written for later steps of the pass only, and not brought back to memory. */
  readonly transient?: readonly string[];
}

/** A pass as a WebAssembly module. It exports `run(count, ...pointers, ...scalars)`, which gives the sum of squares. */
export interface LoweredPass {
  readonly bytes: Uint8Array;
  /** In the order of the pointers; each is at a multiple of 16 and padded to a multiple of four numbers. */
  readonly quantities: readonly string[];
  /** In the order of the numbers. */
  readonly scalars: readonly string[];
}

/**
 * Kernels one after the other for each synapse, in one pass over the synapses, four at a time. That is legal because each
 * kernel is local: it was audited to read entry i only. Every quantity is loaded once, and stored once where it is written.
 */
export function lowerKernels(steps: readonly KernelStep[], options: LoweringOptions = {}): LoweredPass {
  const { aliases = {}, sumOfSquares, transient = [] } = options;
  const canonical = (name: string): string => aliases[name] ?? name;
  const named = steps.flatMap(({ writes, kernel }) => [...kernel.arrays, writes]);
  const quantities = [
    ...new Set([...named, ...(sumOfSquares === undefined ? [] : [sumOfSquares])].map(canonical)),
  ];
  const scalars = [...new Set(steps.flatMap(({ kernel }) => kernel.scalars))];
  const parameters = [i32, ...quantities.map(() => i32), ...scalars.map(() => f32)];
  const pass = new PassCode(parameters.length);
  const offset = pass.local(i32);
  const sums = sumOfSquares === undefined ? null : { low: pass.local(), high: pass.local() };
  for (const name of quantities) pass.quantityLocals.set(name, pass.local());
  for (const name of scalars) pass.scalarLocals.set(name, pass.local());

  const holds = (name: string): number => pass.quantityLocals.get(canonical(name))!;
  const address = (name: string): number[] => [
    ...get(1 + quantities.indexOf(name)),
    ...get(offset),
    op.i32Add,
  ];
  const access = [2, 0]; // aligned to four bytes at least, at the address itself
  const load = (name: string) => [...address(name), ...simd(vector.load), ...access, ...set(holds(name))];
  const store = (name: string) => [...address(name), ...get(holds(name)), ...simd(vector.store), ...access];
  const written = [...new Set(steps.map(({ writes }) => canonical(writes)))];
  const addUp = sums === null ? [] : addSquares(holds(sumOfSquares!), sums, offset, pass);

  const body = [
    ...scalars.flatMap((name, i) => [
      ...get(1 + quantities.length + i),
      ...simd(vector.f32Splat),
      ...set(pass.scalarLocals.get(name)!),
    ]),
    // for (offset = 0; offset < 4 count; offset += 16)
    ...[op.block, op.nothing, op.loop, op.nothing],
    ...[...get(offset), ...bytesInAll, op.i32GreaterEqual, op.branchIf, 1],
    ...quantities.flatMap(load),
    ...steps.flatMap(({ writes, kernel }, i) => [
      ...lowerKernel(kernel, pass, holds),
      ...set(holds(writes)),
      ...(i === 0 ? addUp : []),
    ]),
    ...written.filter((name) => !transient.includes(name)).flatMap(store),
    ...[...get(offset), op.i32Const, ...signed(16), op.i32Add, ...set(offset)],
    ...[op.branch, 0, op.end, op.end],
    ...total(sums),
  ];
  const { imports, locals } = pass;
  return { bytes: moduleBytes({ imports, parameters, locals, body }), quantities, scalars };
}

type Sums = { readonly low: number; readonly high: number };

/** Adds the squares of four numbers in float64, but for lanes behind the last synapse. */
function addSquares(local: number, { low, high }: Sums, offset: number, pass: PassCode): number[] {
  const [squares, index] = [pass.local(), pass.local()];
  const lanes = [...simd(vector.constant), ...new Uint8Array(Int32Array.of(0, 4, 8, 12).buffer)];
  const upper = [
    ...simd(vector.shuffle),
    ...[8, 9, 10, 11, 12, 13, 14, 15],
    ...[8, 9, 10, 11, 12, 13, 14, 15],
  ];
  const add = (to: number, value: number[]) => [
    ...[...get(to), ...value, ...simd(vector.promote), ...simd(vector.f64Add), ...set(to)],
  ];
  return [
    ...[...get(offset), ...simd(vector.i32Splat), ...lanes, ...simd(vector.i32Add), ...set(index)],
    ...[...get(local), ...get(local), ...simd(vector.multiply)],
    ...[...get(index), ...bytesInAll, ...simd(vector.i32Splat), ...simd(vector.i32Less)],
    ...[...simd(vector.and), ...set(squares)],
    ...add(low, get(squares)),
    ...add(high, [...get(squares), ...get(squares), ...upper]),
  ];
}

/** The sum over the lanes of both halves, or 0. */
function total(sums: Sums | null): number[] {
  if (sums === null) return [op.f64Const, ...new Uint8Array(8)];
  const lane = (local: number, which: number) => [...get(local), ...simd(vector.f64Lane), which];
  const halves = [...lane(sums.low, 0), ...lane(sums.low, 1), op.f64Add, ...lane(sums.high, 0), op.f64Add];
  return [...halves, ...lane(sums.high, 1), op.f64Add];
}
