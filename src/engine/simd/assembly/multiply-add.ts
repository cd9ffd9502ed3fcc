// Products of row-major float32 matrices. Widths along which vectors run are multiples of 4.

import { store4 } from './lanes';

/**
 * c[m][n] = (add ? c[m][n] : 0) + sum over k of a[m][k] b[k][n], for m < rows, k < depth, n < width.
 * Element a[m][k] lies at a + 4 (m aRow + k aDepth): with the two strides exchanged, a is taken transposed.
 * Rows of b and c are bRow and cRow numbers apart.
 */
export function multiplyAdd(
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bRow: i32,
  c: usize,
  cRow: i32,
  rows: i32,
  depth: i32,
  width: i32,
  add: bool,
): void {
  const aRowBytes = (<usize>aRow) << 2;
  const aDepthBytes = (<usize>aDepth) << 2;
  const bRowBytes = (<usize>bRow) << 2;
  const cRowBytes = (<usize>cRow) << 2;
  let n = 0;
  for (; n + 8 <= width; n += 8) {
    const bColumn = b + ((<usize>n) << 2);
    const cColumn = c + ((<usize>n) << 2);
    let m = 0;
    for (; m + 6 <= rows; m += 6) {
      sixByEight(
        a + <usize>m * aRowBytes,
        aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        cRowBytes,
        depth,
        add,
      );
    }
    for (; m + 4 <= rows; m += 4) {
      fourByEight(
        a + <usize>m * aRowBytes,
        aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        cRowBytes,
        depth,
        add,
      );
    }
    for (; m < rows; m++) {
      oneByEight(
        a + <usize>m * aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        depth,
        add,
      );
    }
  }
  if (n < width) {
    const bColumn = b + ((<usize>n) << 2);
    const cColumn = c + ((<usize>n) << 2);
    let m = 0;
    for (; m + 4 <= rows; m += 4) {
      fourByFour(
        a + <usize>m * aRowBytes,
        aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        cRowBytes,
        depth,
        add,
      );
    }
    for (; m < rows; m++) {
      oneByFour(
        a + <usize>m * aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        depth,
        add,
      );
    }
  }
}

function sixByEight(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00;
  let c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  const a2 = a + 2 * aRow,
    a4 = a + 4 * aRow;
  let offset: usize = 0;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let x = v128.load32_splat(a + offset);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow + offset);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + offset);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + aRow + offset);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    x = v128.load32_splat(a4 + offset);
    c40 = f32x4.add(c40, f32x4.mul(x, b0));
    c41 = f32x4.add(c41, f32x4.mul(x, b1));
    x = v128.load32_splat(a4 + aRow + offset);
    c50 = f32x4.add(c50, f32x4.mul(x, b0));
    c51 = f32x4.add(c51, f32x4.mul(x, b1));
    b += bRow;
    offset += aDepth;
  }
  storePair(c, c00, c01, add);
  storePair(c + cRow, c10, c11, add);
  storePair(c + 2 * cRow, c20, c21, add);
  storePair(c + 3 * cRow, c30, c31, add);
  storePair(c + 4 * cRow, c40, c41, add);
  storePair(c + 5 * cRow, c50, c51, add);
}

function fourByEight(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00;
  const a2 = a + 2 * aRow;
  let offset: usize = 0;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let x = v128.load32_splat(a + offset);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow + offset);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + offset);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + aRow + offset);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    b += bRow;
    offset += aDepth;
  }
  storePair(c, c00, c01, add);
  storePair(c + cRow, c10, c11, add);
  storePair(c + 2 * cRow, c20, c21, add);
  storePair(c + 3 * cRow, c30, c31, add);
}

function oneByEight(a: usize, aDepth: usize, b: usize, bRow: usize, c: usize, depth: i32, add: bool): void {
  let c0 = f32x4.splat(0),
    c1 = c0;
  for (let k = 0; k < depth; k++) {
    const x = v128.load32_splat(a);
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b, 16)));
    b += bRow;
    a += aDepth;
  }
  storePair(c, c0, c1, add);
}

function fourByFour(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  depth: i32,
  add: bool,
): void {
  let c0 = f32x4.splat(0),
    c1 = c0,
    c2 = c0,
    c3 = c0;
  const a2 = a + 2 * aRow;
  let offset: usize = 0;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a + offset), b0));
    c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(a + aRow + offset), b0));
    c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(a2 + offset), b0));
    c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(a2 + aRow + offset), b0));
    b += bRow;
    offset += aDepth;
  }
  store4(c, c0, add);
  store4(c + cRow, c1, add);
  store4(c + 2 * cRow, c2, add);
  store4(c + 3 * cRow, c3, add);
}

function oneByFour(a: usize, aDepth: usize, b: usize, bRow: usize, c: usize, depth: i32, add: bool): void {
  let c0 = f32x4.splat(0);
  for (let k = 0; k < depth; k++) {
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    b += bRow;
    a += aDepth;
  }
  store4(c, c0, add);
}

function storePair(c: usize, low: v128, high: v128, add: bool): void {
  store4(c, low, add);
  store4(c + 16, high, add);
}
