import { Matrix, solve } from 'ml-matrix';

export interface Measured {
  readonly size: number;
  readonly value: number;
}

/** value = factor size^slope, fitted over sizes from `from` to `to`. */
export interface PowerLaw {
  readonly slope: number;
  readonly factor: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The slopes between two neighbouring sizes at which growth is called linear: below, most is a cost whatever the size; above, it
 * is more than the step from a cache to the memory behind it.
 */
const [gentlest, steepest] = [0.7, 1.5];
/** Fewer points say nothing about a slope. */
const fewest = 3;

/**
 * The straight line through log value over log size, by least squares, over the sizes where growth is linear: the longest row of
 * neighbours between which the slope lies from 0.7 to 1.5. null where it has fewer than three sizes.
 */
export function fitLinearRange(points: readonly Measured[]): PowerLaw | null {
  const linear = longestLinearRow([...points].sort((a, b) => a.size - b.size));
  if (linear.length < fewest) return null;
  const [logFactor, slope] = solve(
    new Matrix(linear.map(({ size }) => [1, Math.log(size)])),
    Matrix.columnVector(linear.map(({ value }) => Math.log(value))),
  ).to1DArray() as [number, number];
  return { slope, factor: Math.exp(logFactor), from: linear[0]!.size, to: linear.at(-1)!.size };
}

/** Of several as long, the one of the largest sizes. */
function longestLinearRow(sorted: readonly Measured[]): readonly Measured[] {
  let [longest, row]: [Measured[], Measured[]] = [[], []];
  for (const point of sorted) {
    const slope = row.length === 0 ? 1 : slopeBetween(row.at(-1)!, point);
    row = slope >= gentlest && slope <= steepest ? [...row, point] : [point];
    if (row.length >= longest.length) longest = row;
  }
  return longest;
}

function slopeBetween(a: Measured, b: Measured): number {
  return Math.log(b.value / a.value) / Math.log(b.size / a.size);
}
