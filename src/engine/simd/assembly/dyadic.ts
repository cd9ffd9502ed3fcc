// The two states s+ and s- of dyadic neurons, as their difference and their mean: worked out so, no digit of the difference is lost, however weak the nudge.
// Counts are multiples of 4.

import { exp4 } from './vector-math';

/** s(+-) = max(0, a +- pull / 2). */
export function dyadicRelu(a: usize, pull: usize, difference: usize, mean: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const half = f32x4.splat(0.5);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const drive = v128.load(a + i);
    const whole = v128.load(pull + i);
    const size = f32x4.abs(whole);
    const q = f32x4.mul(half, size);
    const upper = f32x4.max(zero, f32x4.add(drive, q));
    const lower = f32x4.max(zero, f32x4.sub(drive, q));
    // Of size 0 below both kinks, |pull| above them, and between them what is above.
    const apart = f32x4.min(upper, size);
    v128.store(difference + i, v128.or(apart, v128.xor(whole, size)));
    v128.store(mean + i, f32x4.mul(half, f32x4.add(upper, lower)));
  }
}

/** s(+-) = (a +- k t) / (1 +- k): the states of outputs that squared error draws, k = b / outputs. */
export function dyadicSquares(
  a: usize,
  targets: usize,
  difference: usize,
  mean: usize,
  count: i32,
  k: f64,
): void {
  const apart = f32x4.splat(<f32>((2 * k) / (1 - k * k)));
  const own = f32x4.splat(<f32>(1 / (1 - k * k)));
  const other = f32x4.splat(<f32>((-k * k) / (1 - k * k)));
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const drive = v128.load(a + i);
    const target = v128.load(targets + i);
    v128.store(difference + i, f32x4.mul(apart, f32x4.sub(target, drive)));
    v128.store(mean + i, f32x4.add(f32x4.mul(own, drive), f32x4.mul(other, target)));
  }
}

const mostIterations = 500;
/** Of a state, relative to 1 + its size, at which it is found: some units in the last place. */
const precision: f32 = 3e-7;

/**
 * s(+-) = a -+ (b/2) (softmax(s(+-)) - 1 at the label), by iteration, sample by sample. Where there is no end to it, the difference is no number, and `failed` is 1.
 * @param scratch room for two rows
 */
export function dyadicSoftmax(
  a: usize,
  labels: usize,
  difference: usize,
  mean: usize,
  samples: i32,
  classes: i32,
  width: i32,
  nudge: f64,
  scratch: usize,
  failed: usize,
): void {
  const bytes = (<usize>width) << 2;
  const by: f32 = <f32>(nudge / 2);
  const other = scratch + bytes;
  for (let s = 0; s < samples; s++) {
    const label = <usize>(<i32>load<f32>(labels + ((<usize>s) << 2)));
    // The slopes of the one state stand where the difference will, those of the other where the mean will.
    const found =
      nudged(a, label, -by, scratch, difference, classes, width) &&
      nudged(a, label, by, other, mean, classes, width);
    if (!found) store<f32>(failed, 1);
    for (let i: usize = 0; i < bytes; i += 16) {
      const plus = v128.load(difference + i);
      const minus = v128.load(mean + i);
      const apart = f32x4.mul(f32x4.splat(found ? -by : NaN), f32x4.add(plus, minus));
      const middle = f32x4.mul(f32x4.splat(by * 0.5), f32x4.sub(minus, plus));
      v128.store(difference + i, apart);
      v128.store(mean + i, f32x4.add(v128.load(a + i), middle));
    }
    a += bytes;
    difference += bytes;
    mean += bytes;
  }
}

/** state = a + by slopes(state), with the slopes that led to it. @returns whether there is such a state */
function nudged(
  a: usize,
  label: usize,
  by: f32,
  state: usize,
  slopes: usize,
  classes: i32,
  width: i32,
): bool {
  const bytes = (<usize>width) << 2;
  memory.copy(state, a, bytes);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    slopesOf(state, label, slopes, classes, width);
    let moved: f32 = 0;
    for (let i: usize = 0; i < (<usize>classes) << 2; i += 4) {
      const next = load<f32>(a + i) + by * load<f32>(slopes + i);
      const change = abs<f32>(next - load<f32>(state + i)) / (1 + abs<f32>(next));
      // Not max, by which what is no number would stand for the largest.
      if (!(change <= moved)) moved = change;
      store<f32>(state + i, next);
    }
    if (moved <= precision) return true;
    if (moved !== moved) return true; // weights that are no numbers are found by whoever watches the gradient
  }
  return false;
}

/** softmax(state) - 1 at the label, which is minus the sum of the others; behind the last class 0. */
function slopesOf(state: usize, label: usize, slopes: usize, classes: i32, width: i32): void {
  const end = (<usize>classes) << 2;
  const bytes = (<usize>width) << 2;
  let largest: f32 = -Infinity;
  for (let i: usize = 0; i < end; i += 4) largest = max<f32>(largest, load<f32>(state + i));
  const shift = f32x4.splat(largest);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(slopes + i, exp4(f32x4.sub(v128.load(state + i), shift)));
  }
  let normaliser: f64 = 0;
  for (let i: usize = 0; i < end; i += 4) normaliser += <f64>load<f32>(slopes + i);
  const factor = 1 / normaliser;
  let others: f64 = 0;
  for (let i: usize = 0; i < bytes; i += 4) {
    const p = i < end ? <f64>load<f32>(slopes + i) * factor : 0;
    if (i >> 2 !== label) others += p;
    store<f32>(slopes + i, <f32>p);
  }
  store<f32>(slopes + (label << 2), <f32>-others);
}
