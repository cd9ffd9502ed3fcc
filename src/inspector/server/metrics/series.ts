import { EvenPoints } from './even-points';

/** Points of one metric, one behind the other; NaN for what is no finite number. */
export class Series {
  x: number[] = [];
  y: number[] = [];
  readonly even = new EvenPoints();

  /**
   * @param by What its points are counted by.
   * @param group The method that it is of, where a run has several.
   */
  constructor(
    readonly by: string,
    readonly group: string | null,
  ) {}

  /** @param most Points that are kept: where there are more, every few become their extremes. */
  add(x: number, y: number, most: number): void {
    this.x.push(x);
    this.y.push(y);
    this.even.add(x, y);
    if (this.x.length > most) Object.assign(this, thinned(this, most / 2));
  }
}

interface XY {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * As many points at most: of every few that stand one behind the other, the lowest, the highest, and one that is no number where any is none, in their
 * order. Few points stay as they are.
 */
export function thinned({ x, y }: XY, most: number): XY {
  if (x.length <= most) return { x, y };
  const bucket = Math.ceil(x.length / Math.max(1, Math.floor(most / 3)));
  const kept: number[] = [];
  for (let first = 0; first < x.length; first += bucket) {
    let [low, high, none] = [-1, -1, -1];
    for (let i = first; i < Math.min(first + bucket, x.length); i++) {
      if (Number.isNaN(y[i])) none = i;
      else {
        if (low < 0 || y[i]! < y[low]!) low = i;
        if (high < 0 || y[i]! > y[high]!) high = i;
      }
    }
    kept.push(...[...new Set([low, high, none])].filter((i) => i >= 0).sort((a, b) => a - b));
  }
  return { x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}
