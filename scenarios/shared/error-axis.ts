import type { Axis, Point, Series } from '../../src/plot/figure';
import type { QuadraticRow } from '../quadratic/row';
import { type BetaGrid, decades } from './beta-grid';

/** The vertical axis of all figures of errors: above 1 an estimate is worse than none. */
export const errorAxis: Axis = { label: 'error / norm of the meta-gradient', scale: 'log' };

export const betaAxis: Axis = { label: 'beta', scale: 'log' };

/** Rows as points, ascending in x. */
export function errorPoints(rows: readonly QuadraticRow[], x: 'beta' | 'free'): Point[] {
  return rows.map((row) => ({ x: row[x], y: row.error })).sort((a, b) => a.x - b.x);
}

/** At most so many of the values, evenly spread by position: as many curves as can be told apart. */
export function fewOf(values: readonly number[], most = 5): number[] {
  const count = Math.min(values.length, most);
  const positions = Array.from({ length: count }, (_, i) =>
    Math.round((i * (values.length - 1)) / Math.max(count - 1, 1)),
  );
  return positions.map((position) => values[position]!);
}

/** The nudging strengths that get a curve each: the five largest powers of ten up to 1. */
export function shownDecades(grid: BetaGrid): number[] {
  return decades(grid)
    .filter((beta) => beta <= 1)
    .slice(-5);
}

/**
 * The first curve of each panel in one colour, the second in another, and so on: where panels show other things than each other,
 * so many labels would leave no colours that can be told apart.
 */
export function inColoursOfTheirOwn(series: readonly Series[]): Series[] {
  return series.map((one, i) => ({ ...one, group: `curve ${i}` }));
}

/** The label of a curve for a number of steps. */
export function stepsLabel(steps: number): string {
  return `${steps} step${steps === 1 ? '' : 's'}`;
}
