import { type BoundConstants, errorBound } from '../../src/theory/bound';
import { smallest } from '../quadratic/row';

/** One forward estimate with known distances to the minima. Errors are norms of vectors, not shares. */
export interface CorollaryRow {
  /** Steps in each phase. */
  readonly steps: number;
  readonly beta: number;
  readonly error: number;
  /** delta and delta'. */
  readonly distance: { readonly free: number; readonly nudged: number };
}

/** What the distances and the constants allow at most, Theorem 2. */
export function allowedError(constants: BoundConstants, { distance, beta }: CorollaryRow): number {
  return errorBound(constants, distance, beta);
}

/** delta + delta' as a share of C / B_in: Corollary 1 speaks of shares below 1. */
export function shareOfLimit({ inner, curvature }: BoundConstants, { distance }: CorollaryRow): number {
  return ((distance.free + distance.nudged) * inner) / curvature;
}

/** For each number of steps, the row with the best beta. */
export function bestOfSteps(rows: readonly CorollaryRow[]): CorollaryRow[] {
  const counts = [...new Set(rows.map(({ steps }) => steps))];
  return counts.map((count) => smallest(rows.filter(({ steps }) => steps === count)));
}
