import { type ImportedFunction, op, simd, unsigned, v128, vector } from './wasm-code';

/**
 * The locals and imports of the function that is being made. Its parameters are the count, then one pointer for each quantity,
 * then one number for each scalar; its first local is the byte offset of the vector at work.
 */
export class PassCode {
  readonly imports: ImportedFunction[] = [];
  readonly locals: number[] = [];
  /** Local that holds each quantity's vector, by name. */
  readonly quantityLocals = new Map<string, number>();
  /** Local that holds each scalar in all lanes, by name. */
  readonly scalarLocals = new Map<string, number>();

  constructor(private readonly parameterCount: number) {}

  /** A new local, by its index. */
  local(type = v128): number {
    this.locals.push(type);
    return this.parameterCount + this.locals.length - 1;
  }

  /** Calls a vector function of the kernels' module. */
  call(name: string, parameters: number): number[] {
    let index = this.imports.findIndex((imported) => imported.name === name);
    if (index < 0) index = this.imports.push({ name, parameters }) - 1;
    return [op.call, ...unsigned(index)];
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
