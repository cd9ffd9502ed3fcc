import { numbers } from './checks';

/** A mean with its 95 % confidence interval, `mean` +- `halfWidth`. */
export interface Interval {
  readonly mean: number;
  readonly halfWidth: number;
}

/** The normal distribution's 97.5 % point: with a hundred values and more, as here, Student's t differs by 1 % at most. */
const normalQuantile = 1.959964;

/**
 * Mean and 95 % confidence interval of independent values, by the normal approximation: 1.96 standard errors, with the
 * standard deviation over n - 1. One value alone has no interval: NaN. Values that are not finite make both NaN.
 * @throws InputError where they are no array of numbers.
 */
export function meanInterval(values: readonly number[]): Interval {
  numbers('The values', values);
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const halfWidth = normalQuantile * Math.sqrt(squares / (count - 1) / count);
  return Number.isFinite(mean) ? { mean, halfWidth } : { mean: Number.NaN, halfWidth: Number.NaN };
}
