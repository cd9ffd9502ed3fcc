// Functions of four float32 numbers at once. Polynomials are those of the Cephes library (S. L. Moshier, netlib), whose
// single-precision functions they follow; test/engine/simd/vector-math.test.ts holds them to their error bounds.

/** e^x within 2 units in the last place; subnormal results are kept. */
export function exp4(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  // x - n ln 2 in two parts, the first of which has so few bits that n times it is exact.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2^n as two factors, neither of which over- or underflows by itself.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  p = f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
  p = v128.bitselect(f32x4.splat(Infinity), p, f32x4.gt(x, f32x4.splat(88.7228394)));
  p = v128.bitselect(f32x4.splat(0), p, f32x4.lt(x, f32x4.splat(-103.972084)));
  return v128.bitselect(p, x, f32x4.eq(x, x));
}

/** 2^k for whole k from -126 to 127. */
function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** The natural logarithm within 2 units in the last place; of 0 -Infinity, of negative numbers NaN. */
export function log4(x: v128): v128 {
  // Subnormal numbers are brought into the normal range first.
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const y = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const bits = i32x4.sub(i32x4.shr_u(y, 23), i32x4.splat(126));
  let e = f32x4.convert_i32x4_s(bits);
  e = f32x4.sub(e, v128.and(tiny, f32x4.splat(23)));
  // Mantissa in [0.5, 1), then in [sqrt(1/2), sqrt(2)).
  let m = v128.or(v128.and(y, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, f32x4.splat(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), f32x4.splat(1));
  const square = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.151461031e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.167699874e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), square);
  p = f32x4.add(p, f32x4.mul(e, f32x4.splat(-2.1219444e-4)));
  p = f32x4.sub(p, f32x4.mul(square, f32x4.splat(0.5)));
  let result = f32x4.add(f32x4.add(m, p), f32x4.mul(e, f32x4.splat(0.693359375)));
  result = v128.bitselect(f32x4.splat(-Infinity), result, f32x4.eq(x, f32x4.splat(0)));
  result = v128.bitselect(x, result, f32x4.eq(x, f32x4.splat(Infinity)));
  return v128.bitselect(result, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
}

/** x^y as JavaScript's Math.pow in float64, rounded once: one lane after the other. */
export function pow4(x: v128, y: v128): v128 {
  let result = f32x4.splat(power(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)));
  result = f32x4.replace_lane(result, 1, power(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)));
  result = f32x4.replace_lane(result, 2, power(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)));
  return f32x4.replace_lane(result, 3, power(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)));
}

function power(x: f32, y: f32): f32 {
  // Where C's pow gives 1, JavaScript's gives NaN.
  if (y !== y || (abs<f32>(x) === 1 && abs<f32>(y) === Infinity)) return NaN;
  return <f32>Math.pow(<f64>x, <f64>y);
}

// The same over arrays, for tests and layers. Counts are multiples of 4.

export function expArray(from: usize, to: usize, count: i32): void {
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) v128.store(to + i, exp4(v128.load(from + i)));
}

export function logArray(from: usize, to: usize, count: i32): void {
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) v128.store(to + i, log4(v128.load(from + i)));
}

export function powArray(from: usize, exponents: usize, to: usize, count: i32): void {
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
    v128.store(to + i, pow4(v128.load(from + i), v128.load(exponents + i)));
  }
}

/** The remainder x % y, exact, with the sign of x: one lane after the other. */
export function remainder4(x: v128, y: v128): v128 {
  let result = f32x4.splat(f32x4.extract_lane(x, 0) % f32x4.extract_lane(y, 0));
  result = f32x4.replace_lane(result, 1, f32x4.extract_lane(x, 1) % f32x4.extract_lane(y, 1));
  result = f32x4.replace_lane(result, 2, f32x4.extract_lane(x, 2) % f32x4.extract_lane(y, 2));
  return f32x4.replace_lane(result, 3, f32x4.extract_lane(x, 3) % f32x4.extract_lane(y, 3));
}
