// The hyperbolic tangent as k / (k + 2), where k = e^2|x| - 1. No branch, and one division.

/** Constants in memory: as literals they would be put together anew for each vector. */
const constants = memory.data<f32>([
  18.04, // of 2|x|: from there on tanh is 1, and e^2|x| stays far from the end of its range
  1.44269504, // 1 / ln 2
  12582912, // 1.5 2^23: adding it rounds to a whole number, and leaves that in the lowest bits
  0.69314718056, // ln 2
  // e^r = 1 + r + r^2 (1/2 + ...) for |r| < ln 2 / 2 to 2^-26: a minimax fit in float64
  0.5,
  0.16666544,
  0.0416664,
  0.00836649,
  0.00139406,
  1,
  2,
]);

function constant(index: usize): v128 {
  return v128.load32_splat(constants + (index << 2));
}

/** 2|x|, as far as it counts. */
function twice(x: v128, most: v128): v128 {
  const size = f32x4.abs(x);
  // b < a ? b : a, which keeps NaN.
  return f32x4.pmin(f32x4.add(size, size), most);
}

/** The number n of ln 2 in t, as 1.5 2^23 + n. */
function shifted(t: v128, perLn2: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(t, perLn2), shift);
}

/** t - n ln 2. One part of ln 2 is enough: the error of e^2|x| counts less, the further it is from 1. */
function rest(t: v128, n: v128, shift: v128, ln2: v128): v128 {
  return f32x4.sub(t, f32x4.mul(f32x4.sub(n, shift), ln2));
}

/** e^r - 1. */
function grown(r: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128): v128 {
  const square = f32x4.mul(r, r);
  const low = f32x4.add(f32x4.mul(c3, r), c2);
  const high = f32x4.add(f32x4.add(f32x4.mul(c5, r), c4), f32x4.mul(c6, square));
  return f32x4.add(r, f32x4.mul(square, f32x4.add(low, f32x4.mul(square, high))));
}

/** k / (k + 2) with the sign of x, where k = 2^n (g + 1) - 1. */
function quotient(x: v128, n: v128, g: v128, one: v128, two: v128): v128 {
  const power = i32x4.add(i32x4.shl(n, 23), one); // the bits of 2^n
  const k = f32x4.add(f32x4.mul(g, power), f32x4.sub(power, one));
  return v128.or(f32x4.div(k, f32x4.add(k, two)), v128.xor(x, f32x4.abs(x)));
}

/** The hyperbolic tangent within 2 units in the last place, odd to the last bit. */
export function tanh4(x: v128): v128 {
  const t = twice(x, constant(0));
  const n = shifted(t, constant(1), constant(2));
  const r = rest(t, n, constant(2), constant(3));
  const g = grown(r, constant(4), constant(5), constant(6), constant(7), constant(8));
  return quotient(x, n, g, constant(9), constant(10));
}

/**
 * The same over an array. Six vectors go through each stage together: each operation waits for the one before, and a
 * processor looks too few ahead to find other work by itself.
 */
export function tanhOf(input: usize, output: usize, count: i32): void {
  const most = constant(0);
  const perLn2 = constant(1);
  const shift = constant(2);
  const ln2 = constant(3);
  const c2 = constant(4);
  const c3 = constant(5);
  const c4 = constant(6);
  const c5 = constant(7);
  const c6 = constant(8);
  const one = constant(9);
  const two = constant(10);
  const end = input + ((<usize>count) << 2);
  for (; input + 96 <= end; input += 96, output += 96) {
    const x0 = v128.load(input);
    const x1 = v128.load(input, 16);
    const x2 = v128.load(input, 32);
    const x3 = v128.load(input, 48);
    const x4 = v128.load(input, 64);
    const x5 = v128.load(input, 80);
    const t0 = twice(x0, most);
    const t1 = twice(x1, most);
    const t2 = twice(x2, most);
    const t3 = twice(x3, most);
    const t4 = twice(x4, most);
    const t5 = twice(x5, most);
    const n0 = shifted(t0, perLn2, shift);
    const n1 = shifted(t1, perLn2, shift);
    const n2 = shifted(t2, perLn2, shift);
    const n3 = shifted(t3, perLn2, shift);
    const n4 = shifted(t4, perLn2, shift);
    const n5 = shifted(t5, perLn2, shift);
    const r0 = rest(t0, n0, shift, ln2);
    const r1 = rest(t1, n1, shift, ln2);
    const r2 = rest(t2, n2, shift, ln2);
    const r3 = rest(t3, n3, shift, ln2);
    const r4 = rest(t4, n4, shift, ln2);
    const r5 = rest(t5, n5, shift, ln2);
    const g0 = grown(r0, c2, c3, c4, c5, c6);
    const g1 = grown(r1, c2, c3, c4, c5, c6);
    const g2 = grown(r2, c2, c3, c4, c5, c6);
    const g3 = grown(r3, c2, c3, c4, c5, c6);
    const g4 = grown(r4, c2, c3, c4, c5, c6);
    const g5 = grown(r5, c2, c3, c4, c5, c6);
    v128.store(output, quotient(x0, n0, g0, one, two));
    v128.store(output, quotient(x1, n1, g1, one, two), 16);
    v128.store(output, quotient(x2, n2, g2, one, two), 32);
    v128.store(output, quotient(x3, n3, g3, one, two), 48);
    v128.store(output, quotient(x4, n4, g4, one, two), 64);
    v128.store(output, quotient(x5, n5, g5, one, two), 80);
  }
  for (; input < end; input += 16, output += 16) v128.store(output, tanh4(v128.load(input)));
}
