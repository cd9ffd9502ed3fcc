import { z } from 'zod';
import type { ExtremeEigenvalues } from '../../baselines/lanczos';
import type { Work } from '../../engine/counted-session';
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

/** How one kind of phase moves phi; what it would take to settle follows from that. */
export interface PhaseOptimizer {
  /** Null where the optimiser has none. */
  readonly rate: number | null;
  readonly momentum: number;
  /** Rate x curvature below which it is stable on a quadratic; null where there is no such bound. */
  readonly stableBelow: number | null;
}

/** What was measured about one meta-gradient; plain numbers only. */
export interface TrustEvidence {
  readonly estimator: string;
  readonly beta: number;
  /** q, where the finite difference's error is O(beta^q). */
  readonly order: number;
  /** The phases of the judged estimate, the free one first; empty where one of them diverged. */
  readonly phases: readonly PhaseEnd[];
  /** Of the inner loss's Hessian at the end of the free phase; null where the judged estimate diverged, or there is none. */
  readonly curvature: ExtremeEigenvalues | null;
  /** Where the free phase ended on a kink of the penalty, in words: there is no Hessian then. Absent where it has not. */
  readonly kink?: string;
  /** The same where the free phase began, measured only where the judged estimate diverged; null where it is not finite there. */
  readonly startCurvature: ExtremeEigenvalues | null;
  /** The smallest d2R/dphi2 of a synapse there: what the penalty alone holds phi by. Null as the curvature. */
  readonly penaltyCurvature: number | null;
  /** Norm of phi at the end of the free phase; null, as the displacement, where the judged estimate diverged. */
  readonly phiNorm: number | null;
  /** Norm of the same finite difference of phi, an estimate of dphi/dbeta. */
  readonly displacement: number | null;
  readonly precision: 'float64' | 'float32';
  /** The data's loss at the end of the free phase; null where the judged estimate diverged. */
  readonly loss: { readonly train: number; readonly heldOut: number } | null;
  /** The same estimator at a smaller nudge; null where the judged estimate diverged, or there is no minimum. */
  readonly smaller: SmallerNudge | null;
  /** The first phase of the judged estimate or of the smaller nudge that diverged; null where none did. */
  readonly diverged: Diverged | null;
  readonly free: PhaseOptimizer;
  readonly nudged: PhaseOptimizer;
  /** Of neurons that settle, where credit comes from them; absent where it is the backward pass's, or what `field` is of. */
  readonly neurons?: NeuronEvidence;
  /** Of updates that no loss is known for; absent where one is. */
  readonly field?: FieldEvidence;
  /** Variables by which the penalty holds phi: lambda. Raising them raises the curvature. */
  readonly strengths: readonly string[];
  /** What this evidence has cost. */
  readonly work: Work;
}

/** The judged estimator, every nudge divided by a factor: as large a one as noise allows, so that little of its bias is left. */
export interface SmallerNudge {
  readonly factor: number;
  /** With the judged estimate, by slow variable; null where a phase diverged. */
  readonly agreement: Readonly<Record<string, Agreement>> | null;
}

/** What settled neurons leave of error: in a surrogate loss L_b for the loss, and in neurons that have not settled for those that have. */
export interface NeuronEvidence {
  /** The source of credit: `equilibrium`. */
  readonly kind: string;
  /** b, and q where the surrogate's gradient is wrong by O(b^q). */
  readonly nudge: number;
  readonly order: number;
  readonly sweeps: number;
  /** How far from rest neurons are left where the free phase ended (where it began, if a phase diverged), of 1 where they began. */
  readonly residual: number;
  /** The same meta-gradient by neurons that have settled: more sweeps, in the way that settles best. */
  readonly settled: SettledNeurons;
  /** That with a smaller b, compared with `settled`; null where that was not measured. */
  readonly smaller: SmallerNudge | null;
  /** The Frobenius norm of the antisymmetric part of the Hessian, whose products are differences: what is wrong in them. */
  readonly asymmetry: number;
}

/** Neurons that have settled. */
export interface SettledNeurons {
  readonly sweeps: number;
  readonly residual: number;
  /** Of the meta-gradient with the judged estimate, by slow variable; null where that was not measured, or a phase diverged. */
  readonly agreement: Readonly<Record<string, Agreement>> | null;
}

/** How far from a gradient the updates of synapses are, where the free phase ended; by differences, without a backward pass. */
export interface FieldEvidence {
  /** The source of credit: `feedback-alignment`. */
  readonly kind: string;
  /** Of the data's updates J = d(update)/dphi: ||(J - J')/2|| / ||J||, Frobenius norms. 0 for every gradient, 1 where nothing of it is one. */
  readonly asymmetry: number;
  /** Cosine of the updates to the gradient of the loss, and the norm of their difference over that of the updates. */
  readonly cosine: number;
  readonly difference: number;
}

const eigenvalue = z.looseObject({ value: z.number(), residual: z.number() });
const spectrum = z.looseObject({ smallest: eigenvalue, largest: eigenvalue });
const optimizer = z.looseObject({
  rate: z.number().nullable(),
  momentum: z.number(),
  stableBelow: z.number().nullable(),
});
const number = z.union([z.number(), z.literal(Infinity)]);

const agreements = z
  .record(z.string(), z.looseObject({ cosine: z.number(), normRatio: number, difference: number }))
  .nullable();
const smallerNudge = z.looseObject({ factor: z.number().positive(), agreement: agreements }).nullable();

const parts = z.looseObject({
  estimator: z.string(),
  beta: z.number(),
  order: z.number().positive(),
  phases: z.array(
    z.looseObject({
      ...{ beta: z.number(), steps: z.number(), budget: z.number() },
      ...{ residual: number, tolerance: z.number(), weight: z.number() },
    }),
  ),
  curvature: spectrum.nullable(),
  kink: z.string().optional(),
  startCurvature: spectrum.nullable(),
  penaltyCurvature: z.number().nullable(),
  phiNorm: z.number().nullable(),
  displacement: z.number().nullable(),
  precision: z.enum(['float64', 'float32']),
  loss: z.looseObject({ train: number, heldOut: number }).nullable(),
  smaller: smallerNudge,
  neurons: z
    .looseObject({
      ...{ kind: z.string(), nudge: z.number(), order: z.number().positive(), sweeps: z.number() },
      residual: number,
      settled: z.looseObject({ sweeps: z.number(), residual: number, agreement: agreements }),
      smaller: smallerNudge,
      asymmetry: number,
    })
    .optional(),
  field: z
    .looseObject({ kind: z.string(), asymmetry: z.number(), cosine: z.number(), difference: number })
    .optional(),
  diverged: z.looseObject({ beta: z.number(), step: z.number() }).nullable(),
  free: optimizer,
  nudged: optimizer,
  strengths: z.array(z.string()),
  work: z.looseObject({ gradients: z.number(), hessianVectors: z.number() }),
});

const whole = 'phases and a curvature (or a kink, or a field that is no gradient), unless a phase diverged';

/** What `gatherEvidence` gives. */
export const trustEvidenceSchema = parts.refine(
  ({ diverged, phases, curvature, kink, field }) =>
    diverged !== null ||
    (phases.length > 0 && (curvature !== null || kink !== undefined || field !== undefined)),
  { message: whole, params: { legal: whole } },
);
