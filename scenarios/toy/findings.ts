import { freeSteps, type ToyError } from './errors';

/** Of one length of the phases: where the error is lowest, on the grid of nudging strengths. */
export interface BestBeta {
  readonly steps: number;
  readonly beta: number;
  readonly error: number;
  /** Errors at the smallest and at the largest nudging strength. */
  readonly ends: readonly [number, number];
  /** Norm of the inner loss's gradient at the end of the free phase. */
  readonly residual: number;
}

/** Of one total and one nudging strength: which shares of the free phase come near the best one. */
export interface Plateau {
  readonly total: number;
  readonly beta: number;
  /** The best share of the grid, and its error. */
  readonly share: number;
  readonly error: number;
  /** The run of shares around it whose errors are at most 1.5 times the best. */
  readonly from: number;
  readonly to: number;
  /** The worst share's error over the best one's. */
  readonly spread: number;
}

/** An error up to this many times the best counts as near it. */
const near = 1.5;

/** The errors of phases of one length, by ascending nudging strength; without those that diverged. */
export function errorsAtSteps(errors: readonly ToyError[], steps: number): ToyError[] {
  return unique(errors.filter(({ free, nudged }) => free === steps && nudged === steps));
}

/** The errors of one nudging strength, by ascending length of both phases. */
export function errorsAtBeta(
  errors: readonly ToyError[],
  beta: number,
  steps: readonly number[],
): ToyError[] {
  return steps.flatMap((count) => errorsAtSteps(errors, count).filter((error) => error.beta === beta));
}

/** The errors of one total and one nudging strength, each with the share of the free phase, ascending. */
export function errorsByShare(
  errors: readonly ToyError[],
  { total, beta, shares }: { total: number; beta: number; shares: readonly number[] },
): { share: number; error: number }[] {
  return shares.flatMap((share) => {
    const free = freeSteps(total, share);
    const found = errors.find((one) => one.free === free && one.nudged === total - free && one.beta === beta);
    return found === undefined ? [] : [{ share, error: found.error }];
  });
}

/** One entry for each length of which an estimate is left. */
export function bestBetas(errors: readonly ToyError[], steps: readonly number[]): BestBeta[] {
  return steps.flatMap((count) => {
    const row = errorsAtSteps(errors, count);
    if (row.length === 0) return [];
    const { beta, error, residual } = lowest(row);
    return [{ steps: count, beta, error, ends: [row[0]!.error, row.at(-1)!.error], residual: residual.free }];
  });
}

/** One entry for each total and nudging strength of which an estimate is left. */
export function plateaus(
  errors: readonly ToyError[],
  { totals, betas, shares }: Record<'totals' | 'betas' | 'shares', readonly number[]>,
): Plateau[] {
  return totals.flatMap((total) =>
    betas.flatMap((beta) => {
      const row = errorsByShare(errors, { total, beta, shares });
      if (row.length === 0) return [];
      const { share, error } = lowest(row);
      const isNear = (i: number) => i >= 0 && i < row.length && row[i]!.error <= near * error;
      let first = row.findIndex((one) => one.share === share);
      let last = first;
      while (isNear(first - 1)) first--;
      while (isNear(last + 1)) last++;
      const spread = Math.max(...row.map((one) => one.error)) / error;
      return [{ total, beta, share, error, from: row[first]!.share, to: row[last]!.share, spread }];
    }),
  );
}

function lowest<T extends { readonly error: number }>(row: readonly T[]): T {
  return row.reduce((best, one) => (one.error < best.error ? one : best));
}

/** By ascending nudging strength, each once: a share of one half gives the same estimate as two phases of one length. */
function unique(errors: readonly ToyError[]): ToyError[] {
  const byBeta = new Map(errors.map((error) => [error.beta, error]));
  return [...byBeta.values()].sort((a, b) => a.beta - b.beta);
}
