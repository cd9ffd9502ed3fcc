/** `0.2029`, `1.2e-7`, `12345`: so many significant digits; without zeros at the end, unless they are kept for numbers below each other. */
export function shortNumber(value: number, digits = 4, keepZeros = false): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'not a number' : value > 0 ? 'infinite' : '-infinite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value);
  if (size < 1e-3 || size >= 1e7) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return `${keepZeros ? mantissa : withoutZeros(mantissa!)}e${Number(exponent)}`;
  }
  const rounded = value.toPrecision(digits);
  if (rounded.includes('e')) return String(Number(rounded));
  return keepZeros ? rounded : withoutZeros(rounded);
}

const withoutZeros = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);

/** `1 run`, `3 runs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** `13 %`, `0.087 %` */
export const percent = (part: number): string => `${shortNumber(100 * part, 2)} %`;
