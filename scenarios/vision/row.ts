/** How the contrastive rule learns a row of the paper's Table 1. */
export interface ContrastiveValues {
  readonly beta: number;
  /** Learning rate and inner steps of the free phase, then of each nudged one. */
  readonly rate: number;
  readonly steps: number;
  readonly nudgedRate: number;
  readonly nudgedSteps: number;
  /** Learning rate of Adam, which moves lambda. */
  readonly metaRate: number;
}

/** How a method that works out its meta-gradient at the end of learning does so. */
export type ImplicitValues = Pick<ContrastiveValues, 'rate' | 'steps' | 'metaRate'>;

/** Hyper-parameters of a row, for either method. */
export interface Hyperparameters {
  readonly metaSteps: number;
  /** Lambda before the first meta-step. */
  readonly lambda: number;
  readonly contrastive: ContrastiveValues;
  readonly t1t2: ImplicitValues;
}

/** Accuracies of Table 1, in percent: the mean over 12 seeds and its standard error. */
interface Published {
  readonly heldOut: readonly [mean: number, error: number];
  readonly test: readonly [mean: number, error: number];
}

/** A row of the paper's Table 1. */
export interface Row {
  readonly train: number;
  readonly heldOut: number;
  /** Samples of an inner step; 0 for all. */
  readonly minibatch: number;
  /** Those of the paper's Appendix F, and those that take minutes. */
  readonly paper: Hyperparameters;
  readonly cpu: Hyperparameters;
  readonly published: Readonly<Record<'contrastive' | 't1t2', Published>>;
}

/** What Appendix F prints of a row. */
interface Printed {
  readonly contrastive: {
    readonly beta: number;
    readonly inner: number;
    readonly outer: number;
    readonly steps: number;
    readonly nudged: number;
  };
  readonly t1t2: { readonly inner: number; readonly outer: number; readonly steps: number };
}

/**
 * The authors penalise l2 * phi^2, without the 1/2 of Eq. 7: their l2 is lambda / 2, so that lambda and what moves it are twice what they print. Both phases
 * have one inner rate.
 */
export function appendixF({ contrastive, t1t2 }: Printed): Hyperparameters {
  const l2 = 0.001;
  return {
    metaSteps: 100,
    lambda: 2 * l2,
    contrastive: {
      beta: contrastive.beta,
      rate: contrastive.inner,
      steps: contrastive.steps,
      nudgedRate: contrastive.inner,
      nudgedSteps: contrastive.nudged,
      metaRate: 2 * contrastive.outer,
    },
    t1t2: { rate: t1t2.inner, steps: t1t2.steps, metaRate: 2 * t1t2.outer },
  };
}
