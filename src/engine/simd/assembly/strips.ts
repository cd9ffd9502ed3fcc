// Products by strips: what both ways of multiplying, with operands as they lie and packed, have in common.

import { eightWide, fourWide, sixteenWide } from './tiles';

/**
 * So deep a part of a sum is worked off at once, so that what is read again is still in the caches. Sums run over k in this order
 * alone: blocks of rows or columns do not change them.
 */
export const deepest = 128;

/** How many columns the widest strip takes that fits a width; both are multiples of 4. */
export function stripOf(width: i32): i32 {
  return width >= 16 ? 16 : width >= 8 ? 8 : 4;
}

/** Any number of rows of a strip of 16, 8 or 4 columns; see `tiles`. */
export function strip(
  wide: i32,
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
  if (wide === 16) sixteenWide(a, aRow, aDepth, b, bRow, start, c, cRow, rows, depth, add);
  else if (wide === 8) eightWide(a, aRow, aDepth, b, bRow, start, c, cRow, rows, depth, add);
  else fourWide(a, aRow, aDepth, b, bRow, start, c, cRow, rows, depth, add);
}
