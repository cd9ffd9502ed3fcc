// Neurons with tanh rates that move a little from where they were: differences of two tangents that are close together are worked out with all their digits.
// Subtracted one from the other, tangents would lose those that they share. Counts are multiples of 4.

import { tanh4 } from './tanh';

/** Constants in memory: as literals they would be put together anew for each vector. */
const constants = memory.data<f32>([
  // tanh(x) = x + x^3 (c0 + c1 x^2 + ...) within 2 units in the last place: the polynomial of the Cephes library
  -3.33332819422e-1,
  1.33314422036e-1,
  -5.37397155531e-2,
  2.06390887954e-2,
  -5.70498872745e-3,
  0.625, // up to so large an x; two tangents that are further apart lose little by their subtraction
  1,
  0.5,
]);

function constant(index: usize): v128 {
  return v128.load32_splat(constants + (index << 2));
}

/** tanh(x) for small x. */
function smallTanh4(x: v128, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128): v128 {
  const z = f32x4.mul(x, x);
  const square = f32x4.mul(z, z);
  const low = f32x4.add(f32x4.mul(c1, z), c0);
  const high = f32x4.add(f32x4.add(f32x4.mul(c3, z), c2), f32x4.mul(c4, square));
  return f32x4.add(x, f32x4.mul(f32x4.mul(x, z), f32x4.add(low, f32x4.mul(square, high))));
}

/**
 * One move of a layer of neurons, as in `relaxation`: u <- u + dt (slope back - e), error <- u - driven, and
 * moved <- tanh(a + u) - tanh(a) = (1 - rate^2) t / (1 + rate t), with rate = tanh(a) and t = tanh(u).
 */
export function relaxTanh(
  u: usize,
  driven: usize,
  back: usize,
  a: usize,
  rates: usize,
  moved: usize,
  error: usize,
  step: usize,
  count: i32,
): void {
  const c0 = constant(0);
  const c1 = constant(1);
  const c2 = constant(2);
  const c3 = constant(3);
  const c4 = constant(4);
  const most = constant(5);
  const one = constant(6);
  const dt = v128.load32_splat(step);
  let far = f32x4.splat(0);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const by = driven === 0 ? f32x4.splat(0) : v128.load(driven + i);
    const rate = v128.load(rates + i);
    const now = f32x4.add(rate, v128.load(moved + i));
    const pull = f32x4.mul(f32x4.sub(one, f32x4.mul(now, now)), v128.load(back + i));
    const from = v128.load(u + i);
    const to = f32x4.add(from, f32x4.mul(dt, f32x4.sub(pull, f32x4.sub(from, by))));
    v128.store(u + i, to);
    v128.store(error + i, f32x4.sub(to, by));
    const t = smallTanh4(to, c0, c1, c2, c3, c4);
    const slope = f32x4.sub(one, f32x4.mul(rate, rate));
    v128.store(moved + i, f32x4.div(f32x4.mul(t, slope), f32x4.add(one, f32x4.mul(rate, t))));
    far = v128.or(far, f32x4.gt(f32x4.abs(to), most));
  }
  if (v128.any_true(far)) moveFar(u, a, rates, moved, bytes);
}

/** The same for those that have moved far: tanh(a + u) - tanh(a). */
function moveFar(u: usize, a: usize, rates: usize, moved: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const to = v128.load(u + i);
    const far = f32x4.gt(f32x4.abs(to), constant(5));
    const direct = f32x4.sub(tanh4(f32x4.add(v128.load(a + i), to)), v128.load(rates + i));
    v128.store(moved + i, v128.bitselect(direct, v128.load(moved + i), far));
  }
}

/**
 * Two states f(a + q) and f(a - q), q = pull / 2, f = tanh and rates = tanh(a): their difference 2 t (1 - rate^2) / (1 - rate^2 t^2), and their mean
 * rate (1 - t^2) / (1 - rate^2 t^2), with t = tanh(q).
 */
export function dyadicTanh(
  a: usize,
  rates: usize,
  pull: usize,
  difference: usize,
  mean: usize,
  count: i32,
): void {
  const c0 = constant(0);
  const c1 = constant(1);
  const c2 = constant(2);
  const c3 = constant(3);
  const c4 = constant(4);
  const most = constant(5);
  const one = constant(6);
  const half = constant(7);
  let far = f32x4.splat(0);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const rate = v128.load(rates + i);
    const q = f32x4.mul(half, v128.load(pull + i));
    const t = smallTanh4(q, c0, c1, c2, c3, c4);
    const rateSquare = f32x4.mul(rate, rate);
    const square = f32x4.mul(t, t);
    const by = f32x4.div(one, f32x4.sub(one, f32x4.mul(rateSquare, square)));
    v128.store(difference + i, f32x4.mul(f32x4.mul(f32x4.add(t, t), f32x4.sub(one, rateSquare)), by));
    v128.store(mean + i, f32x4.mul(f32x4.mul(rate, f32x4.sub(one, square)), by));
    far = v128.or(far, f32x4.gt(f32x4.abs(q), most));
  }
  if (v128.any_true(far)) dyadicFar(a, pull, difference, mean, bytes);
}

/** The same for those that are far apart. */
function dyadicFar(a: usize, pull: usize, difference: usize, mean: usize, bytes: usize): void {
  const half = constant(7);
  for (let i: usize = 0; i < bytes; i += 16) {
    const drive = v128.load(a + i);
    const q = f32x4.mul(half, v128.load(pull + i));
    const far = f32x4.gt(f32x4.abs(q), constant(5));
    const plus = tanh4(f32x4.add(drive, q));
    const minus = tanh4(f32x4.sub(drive, q));
    const apart = f32x4.sub(plus, minus);
    const middle = f32x4.mul(half, f32x4.add(plus, minus));
    v128.store(difference + i, v128.bitselect(apart, v128.load(difference + i), far));
    v128.store(mean + i, v128.bitselect(middle, v128.load(mean + i), far));
  }
}
