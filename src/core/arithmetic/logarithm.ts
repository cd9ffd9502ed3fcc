import { lowerWord, upperWord, withUpperWord } from './words';

const [ln2High, ln2Low] = [0.6931471803691238, 1.9082149292705877e-10];
const two54 = 2 ** 54;

/** Of (log(1 + f) - 2 s) / s as a polynomial of s^2, where s = f / (2 + f). */
const [a1, a2, a3, a4, a5, a6, a7] = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] as const;

/**
 * The natural logarithm, the same to the bit wherever it runs: engines of JavaScript may take any, and those of Node 20 and of later browsers
 * differ. What is drawn by a seed must not. The algorithm is that of fdlibm (Sun Microsystems 1993), which V8 had until then: below 1 unit in the
 * last place.
 */
export function logarithm(value: number): number {
  let x = value;
  let high = upperWord(x);
  let exponent = 0;
  if (high < 0x00100000) {
    if (((high & 0x7fffffff) | lowerWord(x)) === 0) return Number.NEGATIVE_INFINITY;
    if (high < 0) return Number.NaN;
    exponent = -54;
    x *= two54;
    high = upperWord(x);
  }
  if (high >= 0x7ff00000) return x + x;
  exponent += (high >> 20) - 1023;
  high &= 0x000fffff;
  // x = 2^exponent (1 + f), with sqrt(2)/2 < 1 + f < sqrt(2).
  const carry = (high + 0x95f64) & 0x100000;
  x = withUpperWord(x, high | (carry ^ 0x3ff00000));
  exponent += carry >> 20;
  const f = x - 1;
  if ((0x000fffff & (2 + high)) < 3) {
    if (f === 0) return exponent === 0 ? 0 : exponent * ln2High + exponent * ln2Low;
    const rest = f * f * (0.5 - 0.3333333333333333 * f);
    return exponent === 0 ? f - rest : exponent * ln2High - (rest - exponent * ln2Low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (a2 + w * (a4 + w * a6));
  const odd = z * (a1 + w * (a3 + w * (a5 + w * a7)));
  const rest = odd + even;
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half = 0.5 * f * f;
    if (exponent === 0) return f - (half - s * (half + rest));
    return exponent * ln2High - (half - (s * (half + rest) + exponent * ln2Low) - f);
  }
  if (exponent === 0) return f - s * (f - rest);
  return exponent * ln2High - (s * (f - rest) - exponent * ln2Low - f);
}
