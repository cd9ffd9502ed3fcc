import { type ColourKind, tableLength } from './colour-table';

/** Which values the first and the last colour stand for. What lies beyond has the colour of the end. */
export interface ColourRange {
  readonly kind: ColourKind;
  readonly low: number;
  readonly high: number;
}

/** What can be said of many values: their ends, and quantiles that a few outliers do not move. */
export interface Spread {
  readonly least: number;
  readonly largest: number;
  /** 1 % and 99 % quantiles. */
  readonly low: number;
  readonly high: number;
  /** How many finite values this is of. */
  readonly count: number;
}

/** Of the finite ones; null where there are none. The order of `values` is lost. */
export function spreadOf(values: Float64Array): Spread | null {
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) values[count++] = value;
  if (count === 0) return null;
  const sorted = values.subarray(0, count).sort();
  const at = (part: number) => sorted[Math.round(part * (count - 1))]!;
  return { least: sorted[0]!, largest: sorted[count - 1]!, low: at(0.01), high: at(0.99), count };
}

/**
 * Diverging around 0 where there are values of both signs, or of differences; else from the least to the largest. Where all
 * are equal the range is opened, so that it has a middle.
 */
export function rangeOf(spread: Spread, robust: boolean, signed = spread.least < 0): ColourRange {
  const { least, largest } = spread;
  let [low, high] = robust ? [spread.low, spread.high] : [least, largest];
  // Where nearly all are equal, quantiles would show nothing of the few that are not.
  if (low === high) [low, high] = [least, largest];
  if (signed) {
    const end = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { kind: 'diverging', low: -end, high: end };
  }
  if (low === high) {
    const room = Math.abs(low) / 2 || 0.5;
    [low, high] = [low - room, high + room];
  }
  return { kind: 'sequential', low, high };
}

/** What finds the entry of a colour table for a value that is finite. */
export function entries({ low, high }: ColourRange): (value: number) => number {
  // Halved, since the difference of two large numbers need not be finite.
  const [start, factor] = [low / 2, tableLength / (high / 2 - low / 2)];
  // Ends so close that nothing lies between them.
  if (!Number.isFinite(factor)) return (value) => (value <= low ? 0 : tableLength - 1);
  return (value) => {
    const place = (value / 2 - start) * factor;
    return place <= 0 ? 0 : place >= tableLength ? tableLength - 1 : place | 0;
  };
}

/** The value in the middle of those that an entry stands for. */
export const valueOfEntry = ({ low, high }: ColourRange, entry: number): number =>
  low + ((entry + 0.5) / tableLength) * high - ((entry + 0.5) / tableLength) * low;
