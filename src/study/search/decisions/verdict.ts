/** What a trial had come to when it was looked at, at a rung. */
export interface RungReport {
  readonly trial: number;
  readonly rung: number;
  /** Where the value was measured: the first one at or after the rung. */
  readonly metaStep: number;
  /** null where it is no finite number. */
  readonly value: number | null;
  /** The best value up to there, and the mean of all: null where one of them is no finite number. */
  readonly best: number | null;
  readonly mean: number | null;
}

/** Whether a trial goes on from a rung, and what decides it. */
export interface Verdict {
  readonly goesOn: boolean;
  readonly rung: number;
  readonly value: number | null;
  /** How many trials were compared, this one among them. */
  readonly of: number;
  /** What had to be reached; null where there was nothing to compare with. */
  readonly threshold: number | null;
  /** By halving: how many trials were better, and how many go on. */
  readonly rank?: number;
  readonly keep?: number;
  /** By halving: whether all trials had come to the rung that could. */
  readonly closed?: boolean;
}

export type Better = 'lower' | 'higher';

/** Below 0 where a is better than b. What is no number is worse than every number. */
export function compareValues(a: number | null, b: number | null, better: Better): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return better === 'lower' ? a - b : b - a;
}
