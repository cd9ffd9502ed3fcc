import type { ExactCheck } from './exact-checks';

/** What the scenario saw, meta-step by meta-step; the last entry is after the last meta-update. */
export interface StrengthHistory {
  train: number[];
  heldOut: number[];
  /** Empty where no test data was put aside. */
  test: number[];
  /** Of test data, where targets are classes. */
  accuracy: number[];
  /** Of the data, where they are the user's. */
  checksum: string | null;
  /** The largest residual of the meta-step's phases. */
  residuals: number[];
  checks: ({ metaStep: number } & ExactCheck)[];
  /** phi at the end of the free and of the first nudged phase, before and after meta-learning. */
  phases: Float64Array[][];
  /** The strength of every synapse. */
  strength: Float64Array[];
}

export const emptyHistory = (): Omit<StrengthHistory, 'checksum'> => ({
  ...{ train: [], heldOut: [], test: [], accuracy: [], residuals: [], checks: [], phases: [], strength: [] },
});
