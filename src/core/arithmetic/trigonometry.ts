import { upperWord, withUpperWord } from './words';

/*
 * Sine and cosine, the same to the bit wherever they run, for what is drawn by a seed: see `logarithm`. The algorithms are those of fdlibm
 * (Sun Microsystems 1993).
 */

/** pi/2 in three steps of 33 bits, with what each leaves of it. */
const [halfPi1, halfPi1Rest] = [1.5707963267341256, 6.077100506506192e-11];
const [halfPi2, halfPi2Rest] = [6.077100506303966e-11, 2.0222662487959506e-21];
const [halfPi3, halfPi3Rest] = [2.0222662487111665e-21, 8.4784276603689e-32];
const twoOverPi = 0.6366197723675814;

/** Beyond 2^19 pi/2, 823,549 radians, the remainder takes more digits of pi than are here. */
const largest = 0x413921fb;

/** Upper bits of the first multiples of pi/2, beside which a remainder loses the most digits. */
const multiples = Array.from({ length: 31 }, (_, i) => upperWord((i + 1) * (Math.PI / 2)));

const [sine1, sine2, sine3, sine4, sine5, sine6] = [
  -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 0.0000027557313707070068,
  -2.5050760253406863e-8, 1.58969099521155e-10,
] as const;
const [cosine1, cosine2, cosine3, cosine4, cosine5, cosine6] = [
  0.0416666666666666, -0.001388888888887411, 0.00002480158728947673, -2.7557314351390663e-7,
  2.087572321298175e-9, -1.1359647557788195e-11,
] as const;

/** The sine of up to pi/4, and of a tail below it. */
function sineOf(x: number, tail: number, hasTail: boolean): number {
  if ((upperWord(x) & 0x7fffffff) < 0x3e400000) return x;
  const z = x * x;
  const v = z * x;
  const r = sine2 + z * (sine3 + z * (sine4 + z * (sine5 + z * sine6)));
  return hasTail ? x - (z * (0.5 * tail - v * r) - tail - v * sine1) : x + v * (sine1 + z * r);
}

/** The cosine of the same. */
function cosineOf(x: number, tail: number): number {
  const high = upperWord(x) & 0x7fffffff;
  if (high < 0x3e400000) return 1;
  const z = x * x;
  const r = z * (cosine1 + z * (cosine2 + z * (cosine3 + z * (cosine4 + z * (cosine5 + z * cosine6)))));
  if (high < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * tail));
  const quarter = high > 0x3fe90000 ? 0.28125 : withUpperWord(0, high - 0x00200000);
  return 1 - quarter - (0.5 * z - quarter - (z * r - x * tail));
}

interface Remainder {
  readonly quarters: number;
  readonly value: number;
  readonly tail: number;
}

const exponentOf = (value: number): number => (upperWord(value) >> 20) & 0x7ff;

/** x less the nearest multiple of pi/2, with a tail, and which multiple. */
function remainder(x: number): Remainder {
  const high = upperWord(x) & 0x7fffffff;
  const [size, sign] = [Math.abs(x), x < 0 ? -1 : 1];
  const signed = (quarters: number, value: number, tail: number) => ({
    quarters: sign * quarters,
    value: sign * value,
    tail: sign * tail,
  });
  if (high < 0x4002d97c) {
    // Below 3 pi/4.
    const isClose = high === 0x3ff921fb;
    const first = size - halfPi1;
    const z = isClose ? first - halfPi2 : first;
    const rest = isClose ? halfPi2Rest : halfPi1Rest;
    const value = z - rest;
    return signed(1, value, z - value - rest);
  }
  const quarters = Math.trunc(size * twoOverPi + 0.5);
  let r = size - quarters * halfPi1;
  let w = quarters * halfPi1Rest;
  let value = r - w;
  if (quarters >= 32 || high === multiples[quarters - 1]) {
    const exponent = high >> 20;
    if (exponent - exponentOf(value) > 16) {
      let t = r;
      w = quarters * halfPi2;
      r = t - w;
      w = quarters * halfPi2Rest - (t - r - w);
      value = r - w;
      if (exponent - exponentOf(value) > 49) {
        t = r;
        w = quarters * halfPi3;
        r = t - w;
        w = quarters * halfPi3Rest - (t - r - w);
        value = r - w;
      }
    }
  }
  return signed(quarters, value, r - value - w);
}

function turned(x: number, quarters: number): number {
  if ((upperWord(x) & 0x7fffffff) <= 0x3fe921fb) return quarters === 0 ? sineOf(x, 0, false) : cosineOf(x, 0);
  const { quarters: own, value, tail } = remainder(x);
  switch ((own + quarters) & 3) {
    case 0:
      return sineOf(value, tail, true);
    case 1:
      return cosineOf(value, tail);
    case 2:
      return -sineOf(value, tail, true);
    default:
      return -cosineOf(value, tail);
  }
}

const isLarge = (x: number): boolean => (upperWord(x) & 0x7fffffff) > largest;

/** Beyond 823,549 radians what this engine of JavaScript makes of it. */
export const sine = (angle: number): number => (isLarge(angle) ? Math.sin(angle) : turned(angle, 0));

/** Beyond 823,549 radians what this engine of JavaScript makes of it. */
export const cosine = (angle: number): number => (isLarge(angle) ? Math.cos(angle) : turned(angle, 1));
