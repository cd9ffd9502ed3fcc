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
 * The straight line through log value over log size, by least squares, over the sizes where growth is linear: from the largest
 * size down, as long as the slope between neighbours lies from 0.7 to 1.5. null where fewer than three sizes are in that range.
 */
export function fitLinearRange(points: readonly Measured[]): PowerLaw | null {
  const sorted = [...points].sort((a, b) => a.size - b.size);
  let first = sorted.length - 1;
  const isLinear = (slope: number) => slope >= gentlest && slope <= steepest;
  while (first > 0 && isLinear(slopeBetween(sorted[first - 1]!, sorted[first]!))) first--;
  const linear = sorted.slice(first);
  if (linear.length < fewest) return null;
  const [logFactor, slope] = solve(
    new Matrix(linear.map(({ size }) => [1, Math.log(size)])),
    Matrix.columnVector(linear.map(({ value }) => Math.log(value))),
  ).to1DArray() as [number, number];
  return { slope, factor: Math.exp(logFactor), from: linear[0]!.size, to: linear.at(-1)!.size };
}

function slopeBetween(a: Measured, b: Measured): number {
  return Math.log(b.value / a.value) / Math.log(b.size / a.size);
}
