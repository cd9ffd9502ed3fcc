import { countParameter, firstQuantity, get, type PassCode, set, sumParameter } from './pass-code';
import { i32, op, signed, simd, vector } from './wasm-code';

export interface LoopParts {
  /** Quantities that are brought from memory, and those that are brought back. */
  readonly loads: readonly string[];
  readonly stores: readonly string[];
  /** What is done with them in between, one step after the other. */
  readonly steps: readonly (readonly number[])[];
  /** The quantity whose squares are summed as they are after the first step; null for none. */
  readonly squared: string | null;
}

/**
 * The loop over all synapses, four a turn. The last four may be fewer, so that they are a turn by themselves, in which lanes are
 * counted; no other needs to. Several vectors a turn were measured, and gained nothing.
 */
export class PassLoop {
  /** Of the vector at work, in bytes. */
  private readonly offset: number;
  /** Bytes of all synapses. */
  private readonly end: number;
  /** Sums of squares in the lower and the upper two lanes, in float64. */
  private readonly sums: readonly [low: number, high: number];
  private readonly squares: number;

  constructor(
    private readonly pass: PassCode,
    private readonly parts: LoopParts,
  ) {
    [this.offset, this.end] = [pass.local(i32), pass.local(i32)];
    this.sums = [pass.local(), pass.local()];
    this.squares = pass.local();
  }

  code(): number[] {
    const { offset, end, pass } = this;
    const whole = pass.local(i32);
    return [
      ...[...get(countParameter), op.i32Const, ...signed(2), op.i32ShiftLeft, ...set(end)],
      ...[...get(end), op.i32Const, ...signed(-16), op.i32And, ...set(whole)],
      ...[op.block, op.nothing, op.loop, op.nothing],
      ...[...get(offset), ...get(whole), op.i32GreaterEqual, op.branchIf, 1],
      ...this.turn(false),
      ...[...get(offset), op.i32Const, ...signed(16), op.i32Add, ...set(offset)],
      ...[op.branch, 0, op.end, op.end],
      ...[op.block, op.nothing, ...get(offset), ...get(end), op.i32GreaterEqual, op.branchIf, 0],
      ...[...this.turn(true), op.end],
      ...this.total(),
    ];
  }

  /** One vector. @param last whether lanes may lie behind the last synapse */
  private turn(last: boolean): number[] {
    const { pass, parts } = this;
    const address = (name: string) => [
      ...get(firstQuantity + pass.quantities.indexOf(name)),
      ...get(this.offset),
      op.i32Add,
    ];
    const access = [2, 0]; // aligned to four bytes at least, at the address itself
    const load = (name: string) => [
      ...[...address(name), ...simd(vector.load), ...access],
      ...set(pass.quantity(name)),
    ];
    const store = (name: string) => [
      ...[...address(name), ...get(pass.quantity(name))],
      ...[...simd(vector.store), ...access],
    ];
    const [first = [], ...others] = parts.steps;
    return [
      ...[...parts.loads.flatMap(load), ...first, ...this.addSquares(last)],
      ...[...others.flat(), ...parts.stores.flatMap(store)],
    ];
  }

  /** Squares of float32, added in float64. */
  private addSquares(last: boolean): number[] {
    const { squares, pass } = this;
    if (this.parts.squared === null) return [];
    const [low, high] = this.sums;
    const values = get(pass.quantity(this.parts.squared));
    const upper = [8, 9, 10, 11, 12, 13, 14, 15];
    const add = (to: number, value: number[]) => [
      ...[...get(to), ...value, ...simd(vector.promote), ...simd(vector.f64Add), ...set(to)],
    ];
    return [
      ...[...values, ...values, ...simd(vector.multiply)],
      ...(last ? [...this.lanesThatCount(), ...simd(vector.and)] : []),
      ...set(squares),
      ...add(low, get(squares)),
      ...add(high, [...get(squares), ...get(squares), ...simd(vector.shuffle), ...upper, ...upper]),
    ];
  }

  /** A mask of the lanes that are synapses. */
  private lanesThatCount(): number[] {
    const lanes = [...simd(vector.constant), ...new Uint8Array(Int32Array.of(0, 4, 8, 12).buffer)];
    return [
      ...[...get(this.offset), ...simd(vector.i32Splat), ...lanes, ...simd(vector.i32Add)],
      ...[...get(this.end), ...simd(vector.i32Splat), ...simd(vector.i32Less)],
    ];
  }

  /** Stores the four lanes of the sums, added up always in this order. */
  private total(): number[] {
    if (this.parts.squared === null) return [];
    const [low, high] = this.sums;
    const lane = (local: number, which: number) => [...get(local), ...simd(vector.f64Lane), which];
    const lower = [...lane(low, 0), ...lane(low, 1), op.f64Add];
    const sum = [...lower, ...lane(high, 0), op.f64Add, ...lane(high, 1), op.f64Add];
    return [...get(sumParameter), ...sum, op.f64Store, 3, 0];
  }
}
