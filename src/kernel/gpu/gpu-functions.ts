/**
 * Functions of the kernel dialect, for devices whose own are wrong somewhere: as kernels of GPU.js call them, in its subset of
 * JavaScript. Shading languages leave a power of a negative base, a logarithm below 0, and everything that is no number or infinite
 * to the device, and allow tanh an error of some 1e-7 however small it is. So each case is asked for by a comparison that such a
 * number fails, and the device's own function sees the rest only.
 *
 * None may close over anything: GPU.js compiles them from their text. What they cannot make by themselves they are given.
 */

/** e^x. */
function exponential(x: number, infinity: number) {
  if (x > 88.7228394) return infinity;
  if (x < -104) return 0;
  if (x >= -104) return Math.exp(x);
  return x;
}

/**
 * The natural logarithm; from 1/2 to 2, where devices keep an absolute error only, by a series in (m - 1) / (m + 1) for an m near 1: the number,
 * its double or its half.
 */
function logarithm(x: number, nan: number, infinity: number) {
  if (x >= infinity) return infinity;
  if (x >= 0.5 && x <= 2) {
    let m = x;
    let rest = 0;
    if (x < 0.7) {
      m = x + x;
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: GPU.js knows no Math.LN2
      rest = -0.6931472;
    }
    if (x > 1.42) {
      m = x * 0.5;
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: GPU.js knows no Math.LN2
      rest = 0.6931472;
    }
    const s = (m - 1) / (m + 1);
    const z = s * s;
    return (
      rest +
      s * (2 + z * (0.6666666667 + z * (0.4 + z * (0.2857142857 + z * (0.2222222222 + z * 0.1818181818)))))
    );
  }
  if (x > 0) return Math.log(x);
  if (x === 0) return -infinity;
  return nan;
}

/** The square root. */
function squareRoot(x: number, nan: number) {
  if (x >= 0) return Math.sqrt(x);
  return nan;
}

/** The hyperbolic tangent; near 0 by the polynomial of the Cephes library (S. L. Moshier, netlib). */
function hyperbolicTangent(x: number) {
  if (x > 10) return 1;
  if (x < -10) return -1;
  if (x > 0.625) return 1 - 2 / (Math.exp(x + x) + 1);
  if (x < -0.625) return 2 / (Math.exp(-x - x) + 1) - 1;
  const z = x * x;
  const p = 0.133314422036 + z * (-0.0537397155531 + z * (0.0206390887954 + z * -0.00570498872745));
  return x + x * z * (-0.333332819422 + z * p);
}

/** 1 with the sign of x; x itself where that is 0 or no number. */
function signOf(x: number) {
  if (x > 0) return 1;
  if (x < 0) return -1;
  return x;
}

/** The whole number below x; from 2^23 on every number is whole. */
function roundedDown(x: number) {
  if (Math.abs(x) < 8388608) return Math.floor(x);
  return x;
}

/** The whole number above x. */
function roundedUp(x: number) {
  if (Math.abs(x) < 8388608) return Math.ceil(x);
  return x;
}

/**
 * The whole number between x and 0: its magnitude's, since there are devices on which a subnormal number is not below 0, but the whole
 * number below it is -1.
 */
function towardsZero(x: number) {
  const size = Math.abs(x);
  if (size < 8388608) {
    const whole = Math.floor(size);
    if (x < 0) return -whole;
    return whole;
  }
  return x;
}

/** The nearest whole number, the larger one of two; a zero has the sign of x. */
function toNearest(x: number) {
  if (Math.abs(x) < 8388608) {
    if (x < 0 && x >= -0.5) return x * 0;
    const down = Math.floor(x);
    if (x - down >= 0.5) return down + 1;
    return down;
  }
  return x;
}

/** a - b. Compilers that take all numbers for finite make 0 of x - x; they cannot know that `one` is 1. */
function difference(a: number, b: number, one: number) {
  return a - b * one;
}

/**
 * a / b. Devices may multiply by the reciprocal, which is 0 for a large b and infinite for a subnormal one; and make 1 of x / x, as they make
 * 0 of x - x.
 */
function divided(a: number, b: number, one: number) {
  const size = Math.abs(b);
  if (size > 4e37) return (a * 0.0625) / (b * 0.0625 * one);
  if (size < 1.2e-38) return (a * 16777216) / (b * 16777216 * one);
  return a / (b * one);
}

/** The smaller one; no number where either is none. */
function smaller(a: number, b: number) {
  if (a < b) return a;
  if (a >= b) return b;
  return a + b;
}

/** The larger one; no number where either is none. */
function larger(a: number, b: number) {
  if (a > b) return a;
  if (a <= b) return b;
  return a + b;
}

/** The remainder of x / y with the sign of x, exactly: |y| is doubled up to |x|, then taken off and halved again. */
function remainder(x: number, y: number, nan: number, infinity: number) {
  let rest = Math.abs(x);
  const divisor = Math.abs(y);
  if (rest < infinity && divisor > 0) {
    let part = divisor;
    for (let i = 0; i < 280; i++) {
      if (part <= rest * 0.5) part = part + part;
    }
    for (let i = 0; i < 280; i++) {
      if (rest >= part) rest = rest - part;
      if (part > divisor) part = part * 0.5;
    }
    if (rest === Math.abs(x)) return x;
    if (x < 0) return -rest;
    return rest;
  }
  return nan;
}

/** base^exponent for a base above 0 and below infinity. Small whole powers are products, as exact as those. */
function positivePower(base: number, exponent: number, nan: number, infinity: number) {
  const size = Math.abs(exponent);
  if (size <= 8 && Math.floor(size) === size) {
    let product = 1;
    for (let i = 0; i < 8; i++) {
      if (i < size) product = product * base;
    }
    if (exponent > 0) return product;
    if (product > 1e-37 && product < infinity) return 1 / product;
  }
  return exponential(exponent * logarithm(base, nan, infinity), infinity);
}

/** base^exponent, as JavaScript's Math.pow. */
function power(base: number, exponent: number, nan: number, infinity: number) {
  const size = Math.abs(base);
  const steepness = Math.abs(exponent);
  if (exponent === 0) return 1;
  if (steepness === infinity) {
    if (size > 1) {
      if (exponent > 0) return infinity;
      return 0;
    }
    if (size < 1) {
      if (exponent > 0) return 0;
      return infinity;
    }
    return nan;
  }
  if (size <= infinity && steepness < infinity) {
    // From 2^23 on every number is whole, and from 2^24 on even.
    let whole = 1;
    let sign = 1;
    if (steepness < 8388608) {
      if (Math.floor(steepness) !== steepness) whole = 0;
    }
    if (steepness < 16777216 && base < 0) {
      if (Math.floor(steepness * 0.5) !== steepness * 0.5) sign = -1;
    }
    if (size === infinity) {
      if (exponent > 0) return whole > 0 ? sign * infinity : infinity;
      return 0;
    }
    if (size === 0) {
      if (exponent > 0) return 0;
      return infinity;
    }
    if (base < 0 && whole < 1) return nan;
    if (size === 1) return sign;
    return sign * positivePower(size, exponent, nan, infinity);
  }
  return nan;
}

/** The upper 16 of a number's 32 bits, as a whole number; what is no number has none. */
function upperBits(x: number, infinity: number) {
  if (Math.abs(x) < infinity) {
    const part = Math.floor(towardsZero(x) * 0.0000152587890625);
    return part - Math.floor(part * 0.0000152587890625) * 65536;
  }
  return 0;
}

/** The lower 16. */
function lowerBits(x: number, infinity: number) {
  if (Math.abs(x) < infinity) {
    const whole = towardsZero(x);
    return whole - Math.floor(whole * 0.0000152587890625) * 65536;
  }
  return 0;
}

/** The number of two halves of 32 bits, rounded once. */
function ofHalves(upper: number, lower: number) {
  if (upper >= 32768) return (upper - 65536) * 65536 + lower;
  return upper * 65536 + lower;
}

/** Of two whole numbers below 2^16, each bit is `both` where both have it and `one` where one has. */
function joinedHalves(a: number, b: number, both: number, one: number) {
  let sum = 0;
  let left = a;
  let right = b;
  let part = 32768;
  for (let i = 0; i < 16; i++) {
    let bits = 0;
    if (left >= part) {
      left = left - part;
      bits = bits + 1;
    }
    if (right >= part) {
      right = right - part;
      bits = bits + 1;
    }
    if (bits > 1.5) sum = sum + part * both;
    if (bits > 0.5 && bits < 1.5) sum = sum + part * one;
    part = part * 0.5;
  }
  return sum;
}

/** a & b, a | b, a ^ b. */
function joinedBits(a: number, b: number, both: number, one: number, infinity: number) {
  const upper = joinedHalves(upperBits(a, infinity), upperBits(b, infinity), both, one);
  const lower = joinedHalves(lowerBits(a, infinity), lowerBits(b, infinity), both, one);
  return ofHalves(upper, lower);
}

/** a << by. */
function shiftedLeft(a: number, by: number, infinity: number) {
  let upper = upperBits(a, infinity);
  let lower = lowerBits(a, infinity);
  const given = lowerBits(by, infinity);
  const places = given - Math.floor(given * 0.03125) * 32;
  for (let i = 0; i < 31; i++) {
    if (i < places) {
      upper = upper + upper;
      lower = lower + lower;
      if (lower >= 65536) {
        lower = lower - 65536;
        upper = upper + 1;
      }
      if (upper >= 65536) upper = upper - 65536;
    }
  }
  return ofHalves(upper, lower);
}

/** a >> by: the sign is kept. */
function shiftedRight(a: number, by: number, infinity: number) {
  let upper = upperBits(a, infinity);
  let lower = lowerBits(a, infinity);
  const given = lowerBits(by, infinity);
  const places = given - Math.floor(given * 0.03125) * 32;
  if (upper >= 32768) upper = upper - 65536;
  for (let i = 0; i < 31; i++) {
    if (i < places) {
      const half = Math.floor(upper * 0.5);
      lower = Math.floor((lower + (upper - half - half) * 65536) * 0.5);
      upper = half;
    }
  }
  return upper * 65536 + lower;
}

/** A function that stands for one of the dialect, and what it calls. */
interface GpuFunction {
  readonly name: string;
  /** What it is given behind the arguments of the function that it stands for. */
  readonly given: readonly number[];
  /** The texts of it and of all that it calls, what is called first. */
  readonly sources: readonly string[];
}

type Sort = 'nan' | 'infinity' | 'zero' | 'one';
const numbers: Readonly<Record<Sort, number>> = { nan: Number.NaN, infinity: Infinity, zero: 0, one: 1 };
const halves = [towardsZero, upperBits, lowerBits, ofHalves] as const;

type Numeric = (...given: number[]) => number;

/** A bundler tells functions of one name apart by a $, which shading languages have in no name. */
const legalNames = (text: string): string => text.replaceAll('$', '_');

function gpuFunction(text: Numeric, given: readonly Sort[], ...calls: readonly Numeric[]): GpuFunction {
  return {
    name: legalNames(text.name),
    given: given.map((sort) => numbers[sort]),
    sources: [...calls, text].map((source) => legalNames(String(source))),
  };
}

/** By the function of Math or the operator that each stands for. */
export const gpuFunctions: ReadonlyMap<string, GpuFunction> = new Map([
  ['exp', gpuFunction(exponential, ['infinity'])],
  ['log', gpuFunction(logarithm, ['nan', 'infinity'])],
  ['sqrt', gpuFunction(squareRoot, ['nan'])],
  ['tanh', gpuFunction(hyperbolicTangent, [])],
  ['sign', gpuFunction(signOf, [])],
  ['floor', gpuFunction(roundedDown, [])],
  ['ceil', gpuFunction(roundedUp, [])],
  ['trunc', gpuFunction(towardsZero, [])],
  ['round', gpuFunction(toNearest, [])],
  ['min', gpuFunction(smaller, [])],
  ['max', gpuFunction(larger, [])],
  ['pow', gpuFunction(power, ['nan', 'infinity'], exponential, logarithm, positivePower)],
  ['-', gpuFunction(difference, ['one'])],
  ['/', gpuFunction(divided, ['one'])],
  ['%', gpuFunction(remainder, ['nan', 'infinity'])],
  ['&', gpuFunction(joinedBits, ['one', 'zero', 'infinity'], ...halves, joinedHalves)],
  ['|', gpuFunction(joinedBits, ['one', 'one', 'infinity'], ...halves, joinedHalves)],
  ['^', gpuFunction(joinedBits, ['zero', 'one', 'infinity'], ...halves, joinedHalves)],
  ['<<', gpuFunction(shiftedLeft, ['infinity'], ...halves)],
  ['>>', gpuFunction(shiftedRight, ['infinity'], ...halves)],
]);
