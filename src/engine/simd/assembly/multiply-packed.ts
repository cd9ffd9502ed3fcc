// Products whose operands are packed first: what the innermost loop reads lies side by side, however far apart the rows of the
// matrices are. Rows at a power of two from each other, read as they lie, crowd in a few places of the cache.

import { copyRows, transposeRows } from './rows';
import { deepest, strip, stripOf } from './strips';

/** So many rows of a, at most, are packed at once: with `deepest`, 128 KB, which stay in a core's second cache. */
const tallest = 256;
/** So many columns of b, at most: 8 KB, which stay in its first. */
const widest = 16;

/**
 * c[m][n] = (add ? c[m][n] : 0) + start[n] + sum over k of a[m][k] b[k][n], for m < rows, k < depth, n < width, which is a
 * multiple of 4. Element a[m][k] lies at a + m aRow + k aDepth, b[k][n] at b + k bDepth + n bColumn; one stride of each matrix is 4.
 * start = 0 is none. Strides are in bytes. Sums run over k in the same order as those of `multiplyAdd` without packing.
 * @param scratch room for the columns, deepest widest numbers, and, where aDepth is not 4, for deepest tallest more
 */
export function multiplyPacked(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bDepth: usize,
  bColumn: usize,
  start: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
  width: i32,
  add: bool,
  scratch: usize,
): void {
  const panel = scratch;
  const packedRows = scratch + 4 * deepest * widest;
  for (let k = 0; k < depth; k += deepest) {
    const now = min(deepest, depth - k);
    for (let m = 0; m < rows; m += tallest) {
      const high = min(tallest, rows - m);
      let fromA = a + <usize>m * aRow;
      let rowBytes = aRow;
      if (aDepth !== 4) {
        transposeRows(fromA, <i32>(aDepth >> 2), packedRows, deepest, now, high);
        fromA = packedRows;
        rowBytes = 4 * deepest;
      }
      for (let n = 0; n < width; ) {
        const wide = stripOf(width - n);
        const fromB = b + <usize>n * bColumn;
        if (bColumn === 4) copyRows(fromB, <i32>(bDepth >> 2), panel, wide, now, wide);
        else transposeRows(fromB, <i32>(bColumn >> 2), panel, wide, wide, now);
        const at = (<usize>n) << 2;
        const toC = c + <usize>m * cRow + at;
        const begin: usize = start === 0 ? 0 : start + at;
        strip(wide, fromA, rowBytes, 4, panel, (<usize>wide) << 2, begin, toC, cRow, high, now, add);
        n += wide;
      }
    }
    a += <usize>deepest * aDepth;
    b += <usize>deepest * bDepth;
    start = 0;
    add = true;
  }
}
