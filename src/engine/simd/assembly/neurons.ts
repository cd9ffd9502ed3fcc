// What neurons do to their inputs, and the derivatives of it. Counts are multiples of 4.

export function relu(input: usize, output: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = input + ((<usize>count) << 2);
  // Not f32x4.max, which would make 0 of -0 and NaN alike; NaN must stay.
  for (; input < end; input += 16, output += 16) {
    const x = v128.load(input);
    v128.store(output, v128.andnot(x, f32x4.lt(x, zero)));
  }
}

/** to = output > 0 ? from : 0. */
export function reluSlope(output: usize, from: usize, to: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = output + ((<usize>count) << 2);
  for (; output < end; output += 16, from += 16, to += 16) {
    v128.store(to, v128.and(v128.load(from), f32x4.gt(v128.load(output), zero)));
  }
}

/** to = from (1 - output^2). */
export function tanhSlope(output: usize, from: usize, to: usize, count: i32): void {
  const one = f32x4.splat(1);
  const bytes = (<usize>count) << 2;
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    const y = v128.load(output + i);
    const z = v128.load(output + i, 16);
    const low = f32x4.mul(v128.load(from + i), f32x4.sub(one, f32x4.mul(y, y)));
    const high = f32x4.mul(v128.load(from + i, 16), f32x4.sub(one, f32x4.mul(z, z)));
    v128.store(to + i, low);
    v128.store(to + i, high, 16);
  }
  if (i < bytes) {
    const y = v128.load(output + i);
    v128.store(to + i, f32x4.mul(v128.load(from + i), f32x4.sub(one, f32x4.mul(y, y))));
  }
}

/** to = slopeTangent (1 - output^2) - 2 slope output outputTangent. */
export function tanhCurve(
  output: usize,
  outputTangent: usize,
  slope: usize,
  slopeTangent: usize,
  to: usize,
  count: i32,
): void {
  const one = f32x4.splat(1);
  const two = f32x4.splat(2);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const y = v128.load(output + i);
    const straight = f32x4.mul(v128.load(slopeTangent + i), f32x4.sub(one, f32x4.mul(y, y)));
    const bent = f32x4.mul(f32x4.mul(two, v128.load(slope + i)), f32x4.mul(y, v128.load(outputTangent + i)));
    v128.store(to + i, f32x4.sub(straight, bent));
  }
}

/** output[s][n] = (add ? output[s][n] : 0) + gain[n] input[s][n] + threshold[n]; threshold = 0 is none. */
export function modulate(
  gain: usize,
  threshold: usize,
  input: usize,
  output: usize,
  samples: i32,
  width: i32,
  add: bool,
): void {
  const bytes = (<usize>width) << 2;
  for (let s = 0; s < samples; s++) {
    for (let i: usize = 0; i < bytes; i += 16) {
      let value = f32x4.mul(v128.load(gain + i), v128.load(input + i));
      if (threshold !== 0) value = f32x4.add(value, v128.load(threshold + i));
      if (add) value = f32x4.add(value, v128.load(output + i));
      v128.store(output + i, value);
    }
    input += bytes;
    output += bytes;
  }
}

/** to[n] = (add ? to[n] : 0) + the sum over samples of a[s][n] b[s][n]. */
export function sumProducts(a: usize, b: usize, to: usize, samples: i32, width: i32, add: bool): void {
  const bytes = (<usize>width) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = add ? v128.load(to + i) : f32x4.splat(0);
    let offset = i;
    for (let s = 0; s < samples; s++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(a + offset), v128.load(b + offset)));
      offset += bytes;
    }
    v128.store(to + i, sum);
  }
}
