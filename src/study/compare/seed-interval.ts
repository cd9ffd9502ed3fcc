/** What the values of one metric over several seeds come to. */
export interface SeedInterval {
  /** Values that it is made of: seeds with a number. */
  readonly seeds: number;
  readonly mean: number;
  /** Of the 95 % confidence interval of the mean, `mean` +- `halfWidth`; null where one seed alone leaves it unknown. */
  readonly halfWidth: number | null;
}

const quantiles = new Map<number, number>();

/**
 * The 97.5 % point of Student's t: 12.7 for two seeds, 4.3 for three, 2.26 for ten, where the normal distribution has 1.96. Relative error
 * below 1e-7 (jStat's incomplete beta function).
 */
function studentQuantile(degreesOfFreedom: number): number {
  let found = quantiles.get(degreesOfFreedom);
  if (found === undefined) {
    const { jStat } = require('jstat') as typeof import('jstat');
    found = jStat.studentt.inv(0.975, degreesOfFreedom);
    quantiles.set(degreesOfFreedom, found);
  }
  return found;
}

/**
 * Mean of independent values, one for each seed, with its 95 % confidence interval by Student's t: t s / sqrt(n), with the standard
 * deviation s over n - 1. The values' order does not matter, to the last bit.
 * @param values One or more finite numbers.
 */
export function seedInterval(values: readonly number[]): SeedInterval {
  const seeds = values.length;
  const ordered = [...values].sort((a, b) => a - b);
  const [least, most] = [ordered[0]!, ordered[seeds - 1]!];
  // Equal values have themselves as their mean, whatever a sum would round to.
  if (least === most) return { seeds, mean: least, halfWidth: seeds < 2 ? null : 0 };
  const mean = meanOf(ordered);
  // In units of the largest distance, whose square would leave the range of numbers otherwise.
  const scale = Math.max(mean - least, most - mean);
  const squares = ordered.reduce((sum, value) => sum + ((value - mean) / scale) ** 2, 0);
  const deviation = scale * Math.sqrt(squares / (seeds - 1));
  return { seeds, mean, halfWidth: (studentQuantile(seeds - 1) * deviation) / Math.sqrt(seeds) };
}

/** The mean of finite numbers, whose sum may be beyond the largest one. */
export function meanOf(values: readonly number[]): number {
  const sum = values.reduce((before, value) => before + value, 0);
  if (Number.isFinite(sum)) return sum / values.length;
  return values.reduce((before, value) => before + value / values.length, 0);
}
