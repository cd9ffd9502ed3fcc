import type { Course } from '../../protocol/traces';

/** The least and the largest finite value of each point of one course, and which points hold others. */
export class Points {
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly odd: Uint8Array;

  constructor(count: number) {
    this.low = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.high = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.odd = new Uint8Array(count);
  }

  add(point: number, value: number): void {
    if (Number.isFinite(value)) this.addRange(point, value, value, false);
    else this.odd[point] = 1;
  }

  /** @param low Infinity where none of them is finite. */
  addRange(point: number, low: number, high: number, odd: boolean): void {
    if (low < this.low[point]!) this.low[point] = low;
    if (high > this.high[point]!) this.high[point] = high;
    if (odd) this.odd[point] = 1;
  }

  course(variable: string, column: number): Course {
    const plain = (values: Float64Array) =>
      Array.from(values, (value) => (Number.isFinite(value) ? value : null));
    const notFinite = [...this.odd.keys()].filter((point) => this.odd[point] === 1);
    return { variable, column, low: plain(this.low), high: plain(this.high), notFinite };
  }
}
