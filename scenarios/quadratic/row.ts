import type { QuadraticJob } from './jobs';

/** One estimate on the quadratic problem, and how wrong it was. */
export interface QuadraticRow extends Pick<QuadraticJob, 'purpose' | 'lambda' | 'points'> {
  /** Steps in the free and in each nudged phase; for `converged`, their budget. */
  readonly free: number;
  readonly nudged: number;
  readonly beta: number;
  /** Norm of (exact meta-gradient - estimate) over that of the exact one. */
  readonly error: number;
  /** The same between the estimate and its closed form; null where the phases did not have to converge. */
  readonly fromClosedForm: number | null;
}

/** For each number of steps in each phase, the row with the best beta. */
export function bestRows(
  rows: readonly QuadraticRow[],
  steps: readonly number[],
  lambda: number,
  points: number,
): QuadraticRow[] {
  const of = rows.filter((row) => row.purpose === 'steps' && row.lambda === lambda && row.points === points);
  return steps.map((count) => smallest(of.filter(({ free }) => free === count)));
}

/** The row of the smallest error. */
export function smallest<Row extends { readonly error: number }>(rows: readonly Row[]): Row {
  return rows.reduce((best, row) => (row.error < best.error ? row : best));
}
