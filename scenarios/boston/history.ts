import type { ExactCheck } from './exact-checks';

/** What the scenario saw, meta-step by meta-step; the last entry is after the last meta-update. */
export interface BostonHistory {
  train: number[];
  heldOut: number[];
  /** Empty where no test data was put aside. */
  test: number[];
  /** The largest residual of the meta-step's phases. */
  residuals: number[];
  checks: ({ metaStep: number } & ExactCheck)[];
  /** phi at the end of the free and of the first nudged phase, before and after meta-learning. */
  phases: Float64Array[][];
  /** The strength of every synapse. */
  strength: Float64Array[];
}

export const emptyHistory = (): BostonHistory => ({
  ...{ train: [], heldOut: [], test: [], residuals: [], checks: [], phases: [], strength: [] },
});
