import type { Work } from '../../engine/counted-session';
import type { ExtremeEigenvalues } from '../lanczos';
import type { Agreement } from './agreement';

/** How one phase of the judged estimate ended. */
export interface PhaseEnd {
  readonly beta: number;
  /** Steps taken, and the budget. */
  readonly steps: number;
  readonly budget: number;
  /** Norm of the augmented loss's gradient at its end; the tolerance that would have ended it earlier, 0 where there is none. */
  readonly residual: number;
  readonly tolerance: number;
  /** What the estimate weighs its end by: the sum of |coefficient| of the contrasts that it is part of. */
  readonly weight: number;
}

/** A phase that left every bound. */
export interface Diverged {
  readonly beta: number;
  readonly step: number;
}

/** What was measured about one meta-gradient; plain numbers only. */
export interface TrustEvidence {
  readonly estimator: string;
  readonly beta: number;
  /** q, where the finite difference's error is O(beta^q). */
  readonly order: number;
  /** The phases of the judged estimate, the free one first; empty where one of them diverged. */
  readonly phases: readonly PhaseEnd[];
  /** Of the inner loss's Hessian at the end of the free phase; null where the judged estimate diverged. */
  readonly curvature: ExtremeEigenvalues | null;
  /** The smallest d2R/dphi2 of a synapse there: what the penalty alone holds phi by. Null as the curvature. */
  readonly penaltyCurvature: number | null;
  /** Norm of phi at the end of the free phase; null, as the displacement, where the judged estimate diverged. */
  readonly phiNorm: number | null;
  /** Norm of the same finite difference of phi, an estimate of dphi/dbeta. */
  readonly displacement: number | null;
  readonly precision: 'float64' | 'float32';
  /** With the estimate at half the nudge, by slow variable; null where one of its phases diverged, or there is no minimum. */
  readonly halved: Readonly<Record<string, Agreement>> | null;
  /** With an estimator of another order at half the nudge: symmetric, or forward where symmetric is judged; null where
   * there is no minimum. */
  readonly other: OtherEstimate | null;
  /** The first phase of the judged estimate or of its half that diverged; null where none did. */
  readonly diverged: Diverged | null;
  /** Learning rate and momentum of the free phase, where its optimiser has such; what it would take to settle follows from them. */
  readonly rate: number | null;
  readonly momentum: number;
  /** Variables by which the penalty holds phi: lambda. Raising them raises the curvature. */
  readonly strengths: readonly string[];
  /** What this evidence has cost. */
  readonly work: Work;
}

export interface OtherEstimate {
  readonly estimator: string;
  readonly beta: number;
  readonly order: number;
  /** By slow variable; null where a phase of its own diverged. */
  readonly agreement: Readonly<Record<string, Agreement>> | null;
  /** The largest residual of its phases; null where one diverged. */
  readonly residual: number | null;
}
