import { InputError } from './errors';

/**
 * The value, where it is a finite number.
 * @throws InputError naming the quantity otherwise.
 */
export function finite(name: string, value: number, advice?: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InputError({ what: `${name} must be a finite number`, got: value, advice });
  }
  return value;
}

/** @throws InputError unless the value is finite and above 0. */
export function positive(name: string, value: number): number {
  if (!(finite(name, value) > 0)) {
    throw new InputError({ what: `${name} must be above 0`, got: value, legal: `${name} > 0` });
  }
  return value;
}

/** @throws InputError unless the value lies in [low, high]. */
export function within(name: string, value: number, low: number, high: number): number {
  if (!(finite(name, value) >= low && value <= high)) {
    throw new InputError({ what: `${name} is out of range`, got: value, legal: `${low} to ${high}` });
  }
  return value;
}

/** @throws InputError unless the value is a whole number from `least` to `most`. */
export function wholeNumber(name: string, value: number, least = 0, most = Infinity): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new InputError({
      what: `${name} must be a whole number`,
      got: value,
      legal: most === Infinity ? `${least}, ${least + 1}, ...` : `${least} to ${most}`,
    });
  }
  return value;
}

/** @throws InputError unless the array has exactly `length` entries. */
export function ofLength(name: string, values: ArrayLike<number>, length: number): void {
  if (values.length !== length) {
    throw new InputError({
      what: `${name} has the wrong length`,
      got: values.length,
      legal: `${length} values`,
    });
  }
}

/** @throws InputError at the first entry that is NaN or infinite, naming its index. */
export function allFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new InputError({
        what: `${name}[${i}] must be a finite number`,
        got: values[i],
        advice: 'Remove or impute missing values before learning from them',
      });
    }
  }
}
