// Blocks of a matrix product, held in registers while they are summed up: as many sums as keep the adders busy, and no more
// than fit a processor's sixteen registers, since those that spill cost more than they save. Each gives
//   c[m][n] = (add ? c[m][n] : 0) + start[n] + sum over k of a[m][k] b[k][n]
// for k < depth and as many n as its name says. start = 0 is none. Strides are in bytes.

import { store4 } from './lanes';

/** Any number of rows, two at a time, by sixteen. */
export function sixteenWide(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  start: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
  add: bool,
): void {
  const none = f32x4.splat(0);
  const end = b + <usize>depth * bRow;
  for (; rows >= 2; rows -= 2) {
    let c00 = start === 0 ? none : v128.load(start);
    let c01 = start === 0 ? none : v128.load(start, 16);
    let c02 = start === 0 ? none : v128.load(start, 32);
    let c03 = start === 0 ? none : v128.load(start, 48);
    let c10 = c00,
      c11 = c01,
      c12 = c02,
      c13 = c03;
    let a0 = a;
    let a1 = a + aRow;
    for (let p = b; p < end; p += bRow) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      const b2 = v128.load(p, 32);
      const b3 = v128.load(p, 48);
      let x = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(x, b0));
      c01 = f32x4.add(c01, f32x4.mul(x, b1));
      c02 = f32x4.add(c02, f32x4.mul(x, b2));
      c03 = f32x4.add(c03, f32x4.mul(x, b3));
      a0 += aDepth;
      x = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(x, b0));
      c11 = f32x4.add(c11, f32x4.mul(x, b1));
      c12 = f32x4.add(c12, f32x4.mul(x, b2));
      c13 = f32x4.add(c13, f32x4.mul(x, b3));
      a1 += aDepth;
    }
    store4(c, c00, add);
    store4(c + 16, c01, add);
    store4(c + 32, c02, add);
    store4(c + 48, c03, add);
    store4(c + cRow, c10, add);
    store4(c + cRow + 16, c11, add);
    store4(c + cRow + 32, c12, add);
    store4(c + cRow + 48, c13, add);
    a += 2 * aRow;
    c += 2 * cRow;
  }
  for (; rows > 0; rows--) {
    oneBySixteen(a, aDepth, b, bRow, start, c, depth, add);
    a += aRow;
    c += cRow;
  }
}

function oneBySixteen(
  a: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  start: usize,
  c: usize,
  depth: i32,
  add: bool,
): void {
  const none = f32x4.splat(0);
  let c00 = start === 0 ? none : v128.load(start);
  let c01 = start === 0 ? none : v128.load(start, 16);
  let c02 = start === 0 ? none : v128.load(start, 32);
  let c03 = start === 0 ? none : v128.load(start, 48);
  for (const end = b + <usize>depth * bRow; b < end; b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    c02 = f32x4.add(c02, f32x4.mul(x, b2));
    c03 = f32x4.add(c03, f32x4.mul(x, b3));
    a += aDepth;
  }
  store4(c, c00, add);
  store4(c + 16, c01, add);
  store4(c + 32, c02, add);
  store4(c + 48, c03, add);
}

/** Any number of rows, four at a time, by eight. */
export function eightWide(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  start: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
  add: bool,
): void {
  const none = f32x4.splat(0);
  const end = b + <usize>depth * bRow;
  for (; rows >= 4; rows -= 4) {
    let c00 = start === 0 ? none : v128.load(start);
    let c01 = start === 0 ? none : v128.load(start, 16);
    let c10 = c00,
      c11 = c01;
    let c20 = c00,
      c21 = c01;
    let c30 = c00,
      c31 = c01;
    let a0 = a;
    let a1 = a + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    for (let p = b; p < end; p += bRow) {
      const b0 = v128.load(p);
      const b1 = v128.load(p, 16);
      let x = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(x, b0));
      c01 = f32x4.add(c01, f32x4.mul(x, b1));
      a0 += aDepth;
      x = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(x, b0));
      c11 = f32x4.add(c11, f32x4.mul(x, b1));
      a1 += aDepth;
      x = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(x, b0));
      c21 = f32x4.add(c21, f32x4.mul(x, b1));
      a2 += aDepth;
      x = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(x, b0));
      c31 = f32x4.add(c31, f32x4.mul(x, b1));
      a3 += aDepth;
    }
    store4(c, c00, add);
    store4(c + 16, c01, add);
    store4(c + cRow, c10, add);
    store4(c + cRow + 16, c11, add);
    store4(c + 2 * cRow, c20, add);
    store4(c + 2 * cRow + 16, c21, add);
    store4(c + 3 * cRow, c30, add);
    store4(c + 3 * cRow + 16, c31, add);
    a += 4 * aRow;
    c += 4 * cRow;
  }
  for (; rows > 0; rows--) {
    oneByEight(a, aDepth, b, bRow, start, c, depth, add);
    a += aRow;
    c += cRow;
  }
}

function oneByEight(
  a: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  start: usize,
  c: usize,
  depth: i32,
  add: bool,
): void {
  const none = f32x4.splat(0);
  let c00 = start === 0 ? none : v128.load(start);
  let c01 = start === 0 ? none : v128.load(start, 16);
  for (const end = b + <usize>depth * bRow; b < end; b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    a += aDepth;
  }
  store4(c, c00, add);
  store4(c + 16, c01, add);
}

/** Any number of rows, four at a time, by four. */
export function fourWide(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  start: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
  add: bool,
): void {
  const end = b + <usize>depth * bRow;
  for (; rows >= 4; rows -= 4) {
    let c00 = start === 0 ? f32x4.splat(0) : v128.load(start);
    let c10 = c00;
    let c20 = c00;
    let c30 = c00;
    let a0 = a;
    let a1 = a + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    for (let p = b; p < end; p += bRow) {
      const b0 = v128.load(p);
      let x = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(x, b0));
      a0 += aDepth;
      x = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(x, b0));
      a1 += aDepth;
      x = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(x, b0));
      a2 += aDepth;
      x = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(x, b0));
      a3 += aDepth;
    }
    store4(c, c00, add);
    store4(c + cRow, c10, add);
    store4(c + 2 * cRow, c20, add);
    store4(c + 3 * cRow, c30, add);
    a += 4 * aRow;
    c += 4 * cRow;
  }
  for (; rows > 0; rows--) {
    oneByFour(a, aDepth, b, bRow, start, c, depth, add);
    a += aRow;
    c += cRow;
  }
}

function oneByFour(
  a: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  start: usize,
  c: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = start === 0 ? f32x4.splat(0) : v128.load(start);
  for (const end = b + <usize>depth * bRow; b < end; b += bRow) {
    const b0 = v128.load(b);
    const x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    a += aDepth;
  }
  store4(c, c00, add);
}
