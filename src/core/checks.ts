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

/** The value, where it is a text that says something. @throws InputError otherwise. */
export function nonEmptyText(name: string, value: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new InputError({ what: `${name} must be a text`, got: value, legal: 'one character or more' });
}

/** @throws InputError unless the value is true or false. */
export function boolean(name: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value;
  throw new InputError({ what: `${name} must be true or false`, got: value });
}

/** @throws InputError unless the value is an array of numbers, typed or not. */
export function numbers(name: string, values: ArrayLike<number>): void {
  if (ArrayBuffer.isView(values) && !(values instanceof DataView) && !isBigInts(values)) return;
  if (!Array.isArray(values)) {
    throw new InputError({ what: `${name} must be an array of numbers`, got: values });
  }
  const wrong = values.findIndex((value) => typeof value !== 'number');
  if (wrong >= 0) throw new InputError({ what: `${name}[${wrong}] must be a number`, got: values[wrong] });
}

const isBigInts = (values: object): boolean =>
  values instanceof BigInt64Array || values instanceof BigUint64Array;

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
  if (typeof values !== 'object' || values === null) {
    throw new InputError({
      what: `${name} must be an array of numbers`,
      got: values,
      legal: `${length} values`,
    });
  }
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
