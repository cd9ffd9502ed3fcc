// Blocks of a product, as in `tiles`, whose rows of a are windows of an image: a window is some rows of the image, `bRows` of
// `depth` numbers each, `rowBytes` apart, and begins at a + places[m]. b, [bRows depth][columns], lies in one piece.

import { store4 } from './lanes';

/** Any number of windows of a strip of 16, 8 or 4 columns. */
export function placedStrip(
  wide: i32,
  a: usize,
  places: usize,
  windows: i32,
  rowBytes: usize,
  bRows: i32,
  depth: i32,
  b: usize,
  start: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  if (wide === 16) placedSixteen(a, places, windows, rowBytes, bRows, depth, b, start, c, cRow, add);
  else if (wide === 8) placedEight(a, places, windows, rowBytes, bRows, depth, b, start, c, cRow, add);
  else placedFour(a, places, windows, rowBytes, bRows, depth, b, start, c, cRow, add);
}

/** Windows two at a time; of an odd number the last one is worked out twice and stored once. */
function placedSixteen(
  a: usize,
  places: usize,
  windows: i32,
  rowBytes: usize,
  bRows: i32,
  depth: i32,
  b: usize,
  start: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  const none = f32x4.splat(0);
  const bytes = (<usize>depth) << 6;
  for (let m = 0; m < windows; m += 2) {
    const both = m + 1 < windows;
    let c00 = start === 0 ? none : v128.load(start);
    let c01 = start === 0 ? none : v128.load(start, 16);
    let c02 = start === 0 ? none : v128.load(start, 32);
    let c03 = start === 0 ? none : v128.load(start, 48);
    let c10 = c00,
      c11 = c01,
      c12 = c02,
      c13 = c03;
    let row0 = a + <usize>load<i32>(places);
    let row1 = both ? a + <usize>load<i32>(places, 4) : row0;
    let p = b;
    for (let i = 0; i < bRows; i++) {
      let a0 = row0;
      let a1 = row1;
      for (const end = p + bytes; p < end; p += 64) {
        const b0 = v128.load(p);
        const b1 = v128.load(p, 16);
        const b2 = v128.load(p, 32);
        const b3 = v128.load(p, 48);
        let x = v128.load32_splat(a0);
        c00 = f32x4.add(c00, f32x4.mul(x, b0));
        c01 = f32x4.add(c01, f32x4.mul(x, b1));
        c02 = f32x4.add(c02, f32x4.mul(x, b2));
        c03 = f32x4.add(c03, f32x4.mul(x, b3));
        a0 += 4;
        x = v128.load32_splat(a1);
        c10 = f32x4.add(c10, f32x4.mul(x, b0));
        c11 = f32x4.add(c11, f32x4.mul(x, b1));
        c12 = f32x4.add(c12, f32x4.mul(x, b2));
        c13 = f32x4.add(c13, f32x4.mul(x, b3));
        a1 += 4;
      }
      row0 += rowBytes;
      row1 += rowBytes;
    }
    store4(c, c00, add);
    store4(c + 16, c01, add);
    store4(c + 32, c02, add);
    store4(c + 48, c03, add);
    c += cRow;
    if (both) {
      store4(c, c10, add);
      store4(c + 16, c11, add);
      store4(c + 32, c12, add);
      store4(c + 48, c13, add);
      c += cRow;
    }
    places += 8;
  }
}

/** Windows four at a time; where fewer are left, the last one stands in for the missing, and is stored once. */
function placedEight(
  a: usize,
  places: usize,
  windows: i32,
  rowBytes: usize,
  bRows: i32,
  depth: i32,
  b: usize,
  start: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  const none = f32x4.splat(0);
  const bytes = (<usize>depth) << 5;
  for (let m = 0; m < windows; m += 4) {
    const left = windows - m;
    let c00 = start === 0 ? none : v128.load(start);
    let c01 = start === 0 ? none : v128.load(start, 16);
    let c10 = c00,
      c11 = c01,
      c20 = c00,
      c21 = c01,
      c30 = c00,
      c31 = c01;
    let row0 = a + <usize>load<i32>(places);
    let row1 = left > 1 ? a + <usize>load<i32>(places, 4) : row0;
    let row2 = left > 2 ? a + <usize>load<i32>(places, 8) : row0;
    let row3 = left > 3 ? a + <usize>load<i32>(places, 12) : row0;
    let p = b;
    for (let i = 0; i < bRows; i++) {
      let a0 = row0;
      let a1 = row1;
      let a2 = row2;
      let a3 = row3;
      for (const end = p + bytes; p < end; p += 32) {
        const b0 = v128.load(p);
        const b1 = v128.load(p, 16);
        let x = v128.load32_splat(a0);
        c00 = f32x4.add(c00, f32x4.mul(x, b0));
        c01 = f32x4.add(c01, f32x4.mul(x, b1));
        a0 += 4;
        x = v128.load32_splat(a1);
        c10 = f32x4.add(c10, f32x4.mul(x, b0));
        c11 = f32x4.add(c11, f32x4.mul(x, b1));
        a1 += 4;
        x = v128.load32_splat(a2);
        c20 = f32x4.add(c20, f32x4.mul(x, b0));
        c21 = f32x4.add(c21, f32x4.mul(x, b1));
        a2 += 4;
        x = v128.load32_splat(a3);
        c30 = f32x4.add(c30, f32x4.mul(x, b0));
        c31 = f32x4.add(c31, f32x4.mul(x, b1));
        a3 += 4;
      }
      row0 += rowBytes;
      row1 += rowBytes;
      row2 += rowBytes;
      row3 += rowBytes;
    }
    store4(c, c00, add);
    store4(c + 16, c01, add);
    c += cRow;
    if (left > 1) {
      store4(c, c10, add);
      store4(c + 16, c11, add);
      c += cRow;
    }
    if (left > 2) {
      store4(c, c20, add);
      store4(c + 16, c21, add);
      c += cRow;
    }
    if (left > 3) {
      store4(c, c30, add);
      store4(c + 16, c31, add);
      c += cRow;
    }
    places += 16;
  }
}

/** The same by four columns. */
function placedFour(
  a: usize,
  places: usize,
  windows: i32,
  rowBytes: usize,
  bRows: i32,
  depth: i32,
  b: usize,
  start: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  const bytes = (<usize>depth) << 4;
  for (let m = 0; m < windows; m += 4) {
    const left = windows - m;
    let c0 = start === 0 ? f32x4.splat(0) : v128.load(start);
    let c1 = c0,
      c2 = c0,
      c3 = c0;
    let row0 = a + <usize>load<i32>(places);
    let row1 = left > 1 ? a + <usize>load<i32>(places, 4) : row0;
    let row2 = left > 2 ? a + <usize>load<i32>(places, 8) : row0;
    let row3 = left > 3 ? a + <usize>load<i32>(places, 12) : row0;
    let p = b;
    for (let i = 0; i < bRows; i++) {
      let at: usize = 0;
      for (const end = p + bytes; p < end; p += 16) {
        const b0 = v128.load(p);
        c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(row0 + at), b0));
        c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(row1 + at), b0));
        c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(row2 + at), b0));
        c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(row3 + at), b0));
        at += 4;
      }
      row0 += rowBytes;
      row1 += rowBytes;
      row2 += rowBytes;
      row3 += rowBytes;
    }
    store4(c, c0, add);
    c += cRow;
    if (left > 1) {
      store4(c, c1, add);
      c += cRow;
    }
    if (left > 2) {
      store4(c, c2, add);
      c += cRow;
    }
    if (left > 3) {
      store4(c, c3, add);
      c += cRow;
    }
    places += 16;
  }
}
