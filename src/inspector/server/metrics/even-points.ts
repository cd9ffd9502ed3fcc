/** Points that are kept: more than any answer may have. */
const mostKept = 32_768;

/**
 * Every k-th point of a series and its last one; k is the smallest power of two that leaves few enough. So series of the same steps keep the same
 * steps, whatever their values, and one that has come less far keeps all the steps that a longer one does: means over them are of whole curves.
 */
export class EvenPoints {
  private x: number[] = [];
  private y: number[] = [];
  private every = 1;
  private count = 0;
  private last: readonly [x: number, y: number] = [Number.NaN, Number.NaN];

  get length(): number {
    return this.x.length;
  }

  add(x: number, y: number): void {
    this.last = [x, y];
    if (this.count++ % this.every !== 0) return;
    this.x.push(x);
    this.y.push(y);
    if (this.x.length <= mostKept) return;
    this.every *= 2;
    this.x = everyNth(this.x, 2);
    this.y = everyNth(this.y, 2);
  }

  /** @param most Points, the last one among them; at least 2. */
  thinned(most: number): { readonly x: readonly number[]; readonly y: readonly number[] } {
    let step = 1;
    while (this.count > most && Math.ceil(this.x.length / step) > most - 1) step *= 2;
    const [x, y] = [everyNth(this.x, step), everyNth(this.y, step)];
    if ((this.count - 1) % (step * this.every) === 0 || this.count === 0) return { x, y };
    return { x: [...x, this.last[0]], y: [...y, this.last[1]] };
  }
}

const everyNth = (values: readonly number[], step: number): number[] =>
  values.filter((_, i) => i % step === 0);
