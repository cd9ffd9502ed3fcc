import type { SeedInterval } from './seed-interval';

/**
 * A mean with its interval, to two digits of the half width, as in 0.2727 ± 0.0011; to two more where the mean would be cut short, since rows with wide intervals
 * may still differ.
 */
export function intervalText({ mean, halfWidth }: SeedInterval): string {
  if (halfWidth === null || halfWidth === 0) return numberText(mean) + (halfWidth === 0 ? ' ± 0' : '');
  const largest = Math.max(Math.abs(mean), halfWidth);
  const ofWidth = 1 - Math.floor(Math.log10(halfWidth));
  const ofMean = 3 - Math.floor(Math.log10(largest));
  // Places behind the point.
  const places = Math.min(Math.max(ofWidth, ofMean), ofWidth + 2);
  if (largest < 1e6 && largest >= 1e-3) {
    const digits = Math.min(15, Math.max(0, places));
    return `${mean.toFixed(digits)} ± ${halfWidth.toFixed(digits)}`;
  }
  const power = mean === 0 ? 0 : Math.floor(Math.log10(Math.abs(mean)));
  return `${mean.toExponential(Math.min(15, Math.max(0, places + power)))} ± ${halfWidth.toExponential(1)}`;
}

/** A number with four significant digits; a whole one as it is. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? value.toPrecision(4).replace(/e\+.*/, '') : value.toExponential(3);
}
