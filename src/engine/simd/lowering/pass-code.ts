import type { Fixed } from '../../../kernel/uniforms';
import { type ImportedFunction, op, simd, splat, unsigned, v128, vector } from './wasm-code';

/** The parameters that a pass has, whatever its kernels: how many synapses, and where its numbers and its sum lie. */
export const [countParameter, sumParameter, firstQuantity] = [0, 2, 3];
const numbersParameter = 1;

/** The locals and imports of the function that is being made. Behind the parameters of all passes it has a pointer for each quantity. */
export class PassCode {
  readonly imports: ImportedFunction[] = [];
  readonly locals: number[] = [];
  /** What is done once, before the loop: vectors that stay the same in all its turns. */
  readonly before: number[] = [];
  private readonly firstLocal: number;
  private readonly quantityLocals: ReadonlyMap<string, number>;
  private readonly fixedLocals = new Map<string, number>();

  constructor(readonly quantities: readonly string[]) {
    this.firstLocal = firstQuantity + quantities.length;
    this.quantityLocals = new Map(quantities.map((name) => [name, this.local()]));
  }

  /** A new local, by its index. */
  local(type = v128): number {
    this.locals.push(type);
    return this.firstLocal + this.locals.length - 1;
  }

  /** The local that holds a quantity's vector. */
  quantity(name: string): number {
    return this.quantityLocals.get(name)!;
  }

  /** The local that holds a uniform number in all lanes, or its truth as a mask. */
  fixed(of: Fixed): number {
    const what = 'place' in of ? `place ${of.place}` : Object.is(of.value, -0) ? '-0' : `${of.value}`;
    let local = this.fixedLocals.get(what);
    if (local === undefined) {
      local = this.local();
      this.fixedLocals.set(what, local);
      this.before.push(...this.everywhere(of), ...set(local));
    }
    return local;
  }

  /** Calls a vector function of the kernels' module. */
  call(name: string, parameters: number): number[] {
    let index = this.imports.findIndex((imported) => imported.name === name);
    if (index < 0) index = this.imports.push({ name, parameters }) - 1;
    return [op.call, ...unsigned(index)];
  }

  private everywhere(of: Fixed): number[] {
    if ('value' in of) return typeof of.value === 'boolean' ? constantMask(of.value) : splat(of.value);
    const at = [op.f64Load, 3, ...unsigned(8 * of.place)]; // aligned to eight bytes
    const number = [...get(numbersParameter), ...at, op.f32Demote, ...simd(vector.f32Splat)];
    return of.kind === 'boolean' ? [...number, ...splat(0), ...simd(vector.greater)] : number;
  }
}

export const get = (local: number): number[] => [op.get, ...unsigned(local)];
export const set = (local: number): number[] => [op.set, ...unsigned(local)];

/** The lanes of `chosen` where the mask is set, of `other` elsewhere: bits are copied, so that no NaN leaks. */
export const select = (
  chosen: readonly number[],
  other: readonly number[],
  mask: readonly number[],
): number[] => [...chosen, ...other, ...mask, ...simd(vector.select)];

/** A truth value in all lanes. */
export const constantMask = (value: boolean): number[] => [
  ...simd(vector.constant),
  ...Array<number>(16).fill(value ? 0xff : 0),
];
