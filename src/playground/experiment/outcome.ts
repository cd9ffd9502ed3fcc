import type { Quantities } from '../../synapse/rule-executor';

/** How far an experiment has come. */
export interface Progress {
  /** What is worked on, in words. */
  readonly stage: string;
  /** Of 1; above that where more is to be done than was planned. */
  readonly share: number;
}

/** One look at the synapses in the course of the phases. */
export interface Look {
  /** Place of its phase: 0 is the free one. */
  readonly phase: number;
  /** Inner steps since the phase began. */
  readonly step: number;
  /** Norm of the augmented loss's gradient then; NaN where the phase has only begun. */
  readonly residual: number;
  /** Of all synapses. */
  readonly phi: Float32Array;
}

/** How a phase ended. */
interface PhaseOutcome {
  readonly beta: number;
  readonly steps: number;
  readonly residual: number;
}

/** How phi went through the phases, as far as these went. */
export interface Course {
  readonly looks: readonly Look[];
  readonly phases: readonly PhaseOutcome[];
  /** Which connection each synapse is, in words. */
  readonly connections: readonly string[];
}

/** What the phases gave. */
export interface Estimated extends Course {
  readonly loss: { readonly train: number; readonly heldOut: number };
  /** phi at the end of each phase, by nudging strength. */
  readonly equilibria: ReadonlyMap<number, Float64Array>;
  /** The estimate, one entry a synapse, by slow variable. */
  readonly metaGradient: Quantities;
  /** What the library warned of. */
  readonly warnings: readonly string[];
  /** What it ran on, in the engine's own words. */
  readonly device: string;
  /** What the engine reports of what ran, by name: GPU.js does. */
  readonly report: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** One contrast of two phases, in words. */
interface DerivedContrast {
  readonly variable: string;
  readonly words: string;
  readonly where: readonly string[];
}

/** The rules that follow from a penalty, by variable. */
export interface DerivedRules {
  readonly partials: readonly {
    readonly variable: string;
    /** dR by the variable, in its own words; parts that come several times have names. */
    readonly words: string;
    /** What these names stand for, in order. */
    readonly where: readonly string[];
  }[];
  /** What each slow variable's gradient sums over the pairs of phases, times their coefficients. */
  readonly contrasts: readonly DerivedContrast[];
  readonly kernels: readonly { readonly name: string; readonly source: string }[];
}

/** How an estimate of one variable's gradient compares with the exact one. */
export interface Comparison {
  /** Null where the exact gradient is 0 and the estimate is not. */
  readonly relativeError: number | null;
  readonly cosine: number;
  readonly normRatio: number;
}

/** The exact meta-gradient where the free phase ended; or, in the library's words, why there is none. */
export type Exact =
  | {
      readonly refused: null;
      readonly metaGradient: Quantities;
      readonly smallestEigenvalue: number;
      readonly largestEigenvalue: number;
      readonly comparisons: Readonly<Record<string, Comparison>>;
      /** All slow variables as one gradient. */
      readonly together: Comparison;
    }
  | { readonly refused: string };

/** Whether the estimate can be trusted, by what can be measured without the exact one. */
export interface Judged {
  readonly verdict: string;
  readonly because: string;
}

/** The error of the estimator at one nudging strength. */
interface SweepPoint {
  readonly beta: number;
  /** By slow variable, and of all as one gradient; null where the exact one is 0. */
  readonly relativeErrors: Readonly<Record<string, number | null>>;
  readonly together: number | null;
}

export interface Sweep {
  readonly points: readonly SweepPoint[];
  /** The strength at which a phase left every bound, so that there are no points from there on; null where none did. */
  readonly divergedAt: number | null;
  /** Why there is no exact gradient to compare with; null where there is one. */
  readonly refused: string | null;
}
