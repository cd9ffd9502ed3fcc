import { InputError } from '../../core/errors';
import type { NumberRange } from './number-range';

/** Digits of the values between both ends: enough for any grid, few enough for 0.01 to be 0.01. */
const digits = 12;

/**
 * So many values, at equal distances or at equal ratios, both ends as they are.
 * @throws InputError where the range is too narrow for so many different numbers.
 */
export function gridOf(kind: 'lin' | 'log', { low, high }: NumberRange, count: number): number[] {
  const between = (part: number): number =>
    kind === 'lin'
      ? low + (high - low) * part
      : Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * part);
  const values = Array.from({ length: count }, (_, i) => {
    if (i === 0) return low;
    return i === count - 1 ? high : Number(between(i / (count - 1)).toPrecision(digits));
  });
  if (values.some((value, i) => i > 0 && value <= values[i - 1]!))
    throw new InputError({
      what: `The range has no ${count} numbers that differ in ${digits} digits`,
      got: `${low}..${high}`,
      legal: 'a wider range, or fewer values',
    });
  return values;
}
