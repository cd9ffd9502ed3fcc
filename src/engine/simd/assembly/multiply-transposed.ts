// The product with a transposed float32 matrix: by its columns, laid out anew, or by sums along its rows.

import { store1, store4 } from './lanes';
import { multiplyPacked } from './multiply-packed';

/**
 * y[s][o] = (add ? y[s][o] : 0) + bias[o] + sum over i of x[s][i] w[o][i], for s < samples, o < outputs, i < depth; what lies
 * behind a row, up to a multiple of 4, is 0. bias = 0 is none.
 * @param scratch room for `multiplyPacked`, which takes the outputs by fours; 0 for sums along vectors only: lane by lane first,
 * then over the four lanes
 */
export function multiplyTransposed(
  x: usize,
  xRow: i32,
  w: usize,
  wRow: i32,
  bias: usize,
  y: usize,
  yRow: i32,
  samples: i32,
  depth: i32,
  outputs: i32,
  add: bool,
  scratch: usize,
): void {
  const xRowBytes = (<usize>xRow) << 2;
  const wRowBytes = (<usize>wRow) << 2;
  const yRowBytes = (<usize>yRow) << 2;
  let o = 0;
  if (scratch !== 0) {
    o = outputs & ~3;
    multiplyPacked(x, xRowBytes, 4, w, 4, wRowBytes, bias, y, yRowBytes, samples, depth, o, add, scratch);
  }
  for (; o + 4 <= outputs; o += 4) {
    const wBlock = w + <usize>o * wRowBytes;
    const at = (<usize>o) << 2;
    const start = bias === 0 ? f32x4.splat(0) : v128.load(bias + at);
    let s = 0;
    for (; s + 3 <= samples; s += 3) {
      threeByFourDots(
        x + <usize>s * xRowBytes,
        xRowBytes,
        wBlock,
        wRowBytes,
        start,
        y + <usize>s * yRowBytes + at,
        yRowBytes,
        depth,
        add,
      );
    }
    for (; s < samples; s++) {
      const sums = fourDots(x + <usize>s * xRowBytes, wBlock, wRowBytes, depth);
      store4(y + <usize>s * yRowBytes + at, f32x4.add(start, sums), add);
    }
  }
  for (; o < outputs; o++) {
    const at = (<usize>o) << 2;
    const start: f32 = bias === 0 ? 0 : load<f32>(bias + at);
    const row = w + <usize>o * wRowBytes;
    let from = x;
    let to = y + at;
    let s = 0;
    // Here four samples take the place of four outputs.
    for (; s + 4 <= samples; s += 4) {
      const sums = f32x4.add(f32x4.splat(start), fourDots(row, from, xRowBytes, depth));
      store1(to, f32x4.extract_lane(sums, 0), add);
      store1(to + yRowBytes, f32x4.extract_lane(sums, 1), add);
      store1(to + 2 * yRowBytes, f32x4.extract_lane(sums, 2), add);
      store1(to + 3 * yRowBytes, f32x4.extract_lane(sums, 3), add);
      from += 4 * xRowBytes;
      to += 4 * yRowBytes;
    }
    for (; s < samples; s++) {
      store1(to, start + dot(from, row, depth), add);
      from += xRowBytes;
      to += yRowBytes;
    }
  }
}

function threeByFourDots(
  x: usize,
  xRow: usize,
  w: usize,
  wRow: usize,
  start: v128,
  y: usize,
  yRow: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c02 = c00,
    c03 = c00;
  let c10 = c00,
    c11 = c00,
    c12 = c00,
    c13 = c00;
  let c20 = c00,
    c21 = c00,
    c22 = c00,
    c23 = c00;
  const w1 = w + wRow,
    w2 = w1 + wRow,
    w3 = w2 + wRow;
  const x1 = x + xRow,
    x2 = x1 + xRow;
  const end: usize = (<usize>depth) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const p = v128.load(x + i),
      q = v128.load(x1 + i),
      r = v128.load(x2 + i);
    let b = v128.load(w + i);
    c00 = f32x4.add(c00, f32x4.mul(p, b));
    c10 = f32x4.add(c10, f32x4.mul(q, b));
    c20 = f32x4.add(c20, f32x4.mul(r, b));
    b = v128.load(w1 + i);
    c01 = f32x4.add(c01, f32x4.mul(p, b));
    c11 = f32x4.add(c11, f32x4.mul(q, b));
    c21 = f32x4.add(c21, f32x4.mul(r, b));
    b = v128.load(w2 + i);
    c02 = f32x4.add(c02, f32x4.mul(p, b));
    c12 = f32x4.add(c12, f32x4.mul(q, b));
    c22 = f32x4.add(c22, f32x4.mul(r, b));
    b = v128.load(w3 + i);
    c03 = f32x4.add(c03, f32x4.mul(p, b));
    c13 = f32x4.add(c13, f32x4.mul(q, b));
    c23 = f32x4.add(c23, f32x4.mul(r, b));
  }
  store4(y, f32x4.add(start, fourSums(c00, c01, c02, c03)), add);
  store4(y + yRow, f32x4.add(start, fourSums(c10, c11, c12, c13)), add);
  store4(y + 2 * yRow, f32x4.add(start, fourSums(c20, c21, c22, c23)), add);
}

/** Sums along one row of x and four rows of w. */
function fourDots(x: usize, w: usize, wRow: usize, depth: i32): v128 {
  let c0 = f32x4.splat(0),
    c1 = c0,
    c2 = c0,
    c3 = c0;
  const w1 = w + wRow,
    w2 = w1 + wRow,
    w3 = w2 + wRow;
  const end: usize = (<usize>depth) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const p = v128.load(x + i);
    c0 = f32x4.add(c0, f32x4.mul(p, v128.load(w + i)));
    c1 = f32x4.add(c1, f32x4.mul(p, v128.load(w1 + i)));
    c2 = f32x4.add(c2, f32x4.mul(p, v128.load(w2 + i)));
    c3 = f32x4.add(c3, f32x4.mul(p, v128.load(w3 + i)));
  }
  return fourSums(c0, c1, c2, c3);
}

/** The sum over the lanes of each of four vectors, as one vector. */
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7)); // a02 b02 a13 b13
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The same along one row of each, added up in the same order. */
function dot(x: usize, w: usize, depth: i32): f32 {
  let sum = f32x4.splat(0);
  const end: usize = (<usize>depth) << 2;
  for (let i: usize = 0; i < end; i += 16)
    sum = f32x4.add(sum, f32x4.mul(v128.load(x + i), v128.load(w + i)));
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 2) +
    (f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 3))
  );
}
