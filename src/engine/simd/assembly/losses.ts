// Losses and their gradients by the outputs. Rows are padded with zeros to a width that is a multiple of 4.

import { exp4 } from './vector-math';

/** Sum of squared errors to `sum`, in float64; gradient = factor (output - target) where it is not 0. */
export function squaredErrors(
  outputs: usize,
  targets: usize,
  gradient: usize,
  count: i32,
  factor: f32,
  sum: usize,
): void {
  const by = f32x4.splat(factor);
  const bytes = (<usize>count) << 2;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const error = f32x4.sub(v128.load(outputs + i), v128.load(targets + i));
    const square = f32x4.mul(error, error);
    low = f64x2.add(low, f64x2.promote_low_f32x4(square));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(square, square, 2, 3, 2, 3)));
    if (gradient !== 0) v128.store(gradient + i, f32x4.mul(by, error));
  }
  const both = f64x2.add(low, high);
  store<f64>(sum, f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1));
}

/**
 * Probabilities of each sample's classes into `to`; to `total` the sum over samples of log of the normaliser plus largest
 * minus labelled output, in float64. Labels are one float32 a sample. Lanes behind the last class are 0.
 */
export function softmax(
  outputs: usize,
  labels: usize,
  to: usize,
  samples: i32,
  classes: i32,
  width: i32,
  total: usize,
): void {
  let sum: f64 = 0;
  const rowBytes = (<usize>width) << 2;
  for (let s = 0; s < samples; s++) {
    let largest: f32 = -Infinity;
    for (let k = 0; k < classes; k++) largest = max<f32>(largest, load<f32>(outputs + ((<usize>k) << 2)));
    const shift = f32x4.splat(largest);
    let normaliser: f64 = 0;
    for (let k = 0; k < width; k += 4) {
      const at = (<usize>k) << 2;
      v128.store(to + at, exp4(f32x4.sub(v128.load(outputs + at), shift)));
    }
    for (let k = 0; k < classes; k++) normaliser += <f64>load<f32>(to + ((<usize>k) << 2));
    const factor = <f32>(1 / normaliser);
    for (let k = 0; k < width; k++) {
      const at = to + ((<usize>k) << 2);
      store<f32>(at, k < classes ? load<f32>(at) * factor : 0);
    }
    const label = <i32>load<f32>(labels + ((<usize>s) << 2));
    sum += Math.log(normaliser) + <f64>(largest - load<f32>(outputs + ((<usize>label) << 2)));
    outputs += rowBytes;
    to += rowBytes;
  }
  store<f64>(total, sum);
}

/**
 * gradient = factor (probability - 1 at the label): in place of the probabilities. At the label that is minus the sum of the
 * others, which keeps its digits where the label's own probability is nearly 1.
 */
export function crossEntropyGradient(
  probabilities: usize,
  labels: usize,
  samples: i32,
  width: i32,
  factor: f32,
): void {
  let row = probabilities;
  for (let s = 0; s < samples; s++) {
    const label = <usize>(<i32>load<f32>(labels + ((<usize>s) << 2)));
    let others: f64 = 0;
    for (let k: usize = 0; k < <usize>width; k++) {
      if (k !== label) others += <f64>load<f32>(row + (k << 2));
    }
    store<f32>(row + (label << 2), <f32>-others);
    row += (<usize>width) << 2;
  }
  const by = f32x4.splat(factor);
  const end = probabilities + ((<usize>(samples * width)) << 2);
  for (let p = probabilities; p < end; p += 16) v128.store(p, f32x4.mul(by, v128.load(p)));
}

/** to[k] = factor p[k] (tangent[k] - sum over j of p[j] tangent[j]): where p stand before, in place. */
export function softmaxTangent(
  probabilities: usize,
  tangent: usize,
  samples: i32,
  width: i32,
  factor: f32,
): void {
  const rowBytes = (<usize>width) << 2;
  for (let s = 0; s < samples; s++) {
    let mean: f64 = 0;
    for (let i: usize = 0; i < rowBytes; i += 4)
      mean += <f64>load<f32>(probabilities + i) * <f64>load<f32>(tangent + i);
    const center = f32x4.splat(<f32>mean);
    const by = f32x4.splat(factor);
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const moved = f32x4.sub(v128.load(tangent + i), center);
      v128.store(probabilities + i, f32x4.mul(by, f32x4.mul(v128.load(probabilities + i), moved)));
    }
    probabilities += rowBytes;
    tangent += rowBytes;
  }
}
