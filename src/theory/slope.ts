import { InputError } from '../core/errors';

/**
 * Slope of the least-squares line through the points (x, y): what a law of theory, such as an order or a rate, is read
 * off from.
 * @throws InputError where there are fewer than two points, or all have one x.
 */
export function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  if (spread > 0) return x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0) / spread;
  throw new InputError({ what: 'A slope needs two points that differ in x', got: x });
}

/** The same through (log x, log y): the power of x that y grows with. */
export function power(x: readonly number[], y: readonly number[]): number {
  return slope(x.map(Math.log), y.map(Math.log));
}
