import { type Spread, spreadOf } from './colour-range';

/** Quantiles are of so many values at most, taken evenly: sorting millions would stop the page for a moment. */
const mostSorted = 200_000;

/**
 * The spread of the recorded cells of one parameter over several rows: the ends of all of them, quantiles of some.
 * @param frames By column of the trace.
 * @param columns By cell, -1 where it was not recorded.
 */
export function cellSpread(frames: readonly Float64Array[], columns: Int32Array): Spread | null {
  const every = Math.max(1, Math.ceil((frames.length * columns.length) / mostSorted));
  const some: number[] = [];
  let [least, largest, count] = [Infinity, -Infinity, 0];
  for (const frame of frames) {
    for (let cell = 0; cell < columns.length; cell++) {
      const value = columns[cell]! < 0 ? Number.NaN : frame[columns[cell]!]!;
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > largest) largest = value;
      if (count++ % every === 0) some.push(value);
    }
  }
  const spread = spreadOf(Float64Array.from(some));
  return spread === null ? null : { ...spread, least, largest, count };
}

/** The ends only, in one pass: what a scale that follows the row shown is of. */
export function cellEnds(frame: Float64Array, columns: Int32Array): Spread | null {
  let [least, largest, count] = [Infinity, -Infinity, 0];
  for (let cell = 0; cell < columns.length; cell++) {
    const value = columns[cell]! < 0 ? Number.NaN : frame[columns[cell]!]!;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > largest) largest = value;
    count++;
  }
  return count === 0 ? null : { least, largest, low: least, high: largest, count };
}

/** What holds all of several. */
export function joinedSpread(spreads: readonly (Spread | null)[]): Spread | null {
  const there = spreads.filter((spread) => spread !== null);
  if (there.length === 0) return null;
  return {
    least: Math.min(...there.map(({ least }) => least)),
    largest: Math.max(...there.map(({ largest }) => largest)),
    low: Math.min(...there.map(({ low }) => low)),
    high: Math.max(...there.map(({ high }) => high)),
    count: there.reduce((all, { count }) => all + count, 0),
  };
}
