// Products of row-major float32 matrices. Widths along which vectors run are multiples of 4.

import { multiplyPacked } from './multiply-packed';
import { deepest, strip, stripOf } from './strips';

/** So many rows of c are worked off at once. */
const tallest = 64;

/**
 * c[m][n] = (add ? c[m][n] : 0) + start[n] + sum over k of a[m][k] b[k][n], for m < rows, k < depth, n < width; start = 0
 * is none. Element a[m][k] lies at a + 4 (m aRow + k aDepth): with the two strides exchanged, a is taken transposed. Rows of
 * b and c are bRow and cRow numbers apart.
 * @param scratch room for `multiplyPacked`; 0 to work with a and b as they lie, which gives the same bits
 */
export function multiplyAdd(
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bRow: i32,
  start: usize,
  c: usize,
  cRow: i32,
  rows: i32,
  depth: i32,
  width: i32,
  add: bool,
  scratch: usize,
): void {
  aRow <<= 2;
  aDepth <<= 2;
  bRow <<= 2;
  cRow <<= 2;
  if (scratch !== 0) {
    multiplyPacked(a, aRow, aDepth, b, bRow, 4, start, c, cRow, rows, depth, width, add, scratch);
    return;
  }
  for (let k = 0; k < depth; k += deepest) {
    const now = min(deepest, depth - k);
    for (let m = 0; m < rows; m += tallest) {
      const fromA = a + <usize>m * aRow;
      const toC = c + <usize>m * cRow;
      strips(fromA, aRow, aDepth, b, bRow, start, toC, cRow, min(tallest, rows - m), now, width, add);
    }
    a += deepest * aDepth;
    b += deepest * bRow;
    start = 0;
    add = true;
  }
}

/** The same for a depth that is worked off at once; strides in bytes. */
function strips(
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
  width: i32,
  add: bool,
): void {
  while (width > 0) {
    const wide = stripOf(width);
    strip(wide, a, aRow, aDepth, b, bRow, start, c, cRow, rows, depth, add);
    const bytes = (<usize>wide) << 2;
    b += bytes;
    c += bytes;
    if (start !== 0) start += bytes;
    width -= wide;
  }
}
