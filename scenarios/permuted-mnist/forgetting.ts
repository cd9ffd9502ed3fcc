/** [after task t][task k <= t]: share of a task's images that are told right. */
export type AccuracyMatrix = readonly (readonly number[])[];

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean accuracy on the tasks seen so far, after each task. */
export const meansSoFar = (matrix: AccuracyMatrix): number[] => matrix.map(meanOf);

/** Mean accuracy on all tasks at the end. */
export const finalMean = (matrix: AccuracyMatrix): number => meanOf(matrix.at(-1)!);

/**
 * What is forgotten of each task but the last: the best accuracy after an earlier task minus that at the end (Chaudhry et al. 2018). Below 0 where a task has gained
 * from later ones.
 */
export function forgettingByTask(matrix: AccuracyMatrix): number[] {
  const last = matrix.at(-1)!;
  return last.slice(0, -1).map((final, task) => {
    const earlier = matrix.slice(task, -1).map((row) => row[task]!);
    return earlier.reduce((best, value) => Math.max(best, value)) - final;
  });
}

/** Its mean over tasks; 0 where there is only one task. */
export function meanForgetting(matrix: AccuracyMatrix): number {
  const lost = forgettingByTask(matrix);
  return lost.length === 0 ? 0 : meanOf(lost);
}

/** A mean over seeds with its standard error; null where one seed has none. */
export interface OverSeeds {
  readonly mean: number;
  readonly standardError: number | null;
}

export function overSeeds(values: readonly number[]): OverSeeds {
  const mean = meanOf(values);
  if (values.length < 2) return { mean, standardError: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
