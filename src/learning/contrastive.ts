import { z } from 'zod';
import { InputError } from '../core/errors';
import { made, validate } from '../core/validate';
import { type Estimator, estimatorSchema } from './estimators';
import { type Optimizer, optimizerSchema } from './optimizers';

/** How phi settles in one kind of phase. */
export interface PhaseSettings {
  readonly optimizer: Optimizer;
  /** Step budget. */
  readonly steps: number;
  /** The phase has converged once the norm of the augmented loss's gradient is at or below this. 0 runs every
   * step of the budget. Default 1e-6. */
  readonly tolerance?: number;
  /**
   * Whether the residual at the phase's end is worked out. Nothing is learned from it, and it takes one more gradient, which is half of the
   * work of a phase of one step. Without it events tell the residual before the last step, and a last step that diverges counts as
   * such only where phi is not finite. Default true; always, where there is a tolerance.
   */
  readonly residualAtEnd?: boolean;
}

/** The contrastive rule as a value: an estimator, and how its phases settle. */
export interface ContrastiveRule {
  readonly estimator: Estimator;
  readonly free: Required<PhaseSettings>;
  readonly nudged: Required<PhaseSettings>;
  /** What a nudged phase's optimiser starts with: the free phase's buffers, or none. */
  readonly optimizerState: 'keep' | 'reset';
}

/** Settings of the contrastive rule: its estimator, and what settles each phase. */
export interface ContrastiveOptions {
  readonly estimator: Estimator;
  readonly free: PhaseSettings;
  readonly nudged: PhaseSettings;
  /** Default `reset`, as for regularisation learning; few-shot learning takes `keep`. */
  readonly optimizerState?: 'keep' | 'reset';
}

/** How phi settles in one kind of phase. */
export const phaseSettingsSchema = z.strictObject({
  optimizer: optimizerSchema,
  steps: z.int().min(1),
  tolerance: z.number().min(0).default(1e-6),
  residualAtEnd: z.boolean().default(true),
});

const contrastiveOptions = z.strictObject({
  estimator: estimatorSchema,
  free: phaseSettingsSchema,
  nudged: phaseSettingsSchema,
  optimizerState: z.enum(['keep', 'reset']).default('reset'),
});

/** What `contrastive` makes. */
export const contrastiveRuleSchema = made<ContrastiveRule>(
  'a rule made by contrastive()',
  (value) => contrastiveOptions.safeParse(value).success,
);

/**
 * The contrastive meta-learning rule (Eq. 4).
 * @throws InputError where a budget or tolerance is out of range, or `keep` has nothing that it could keep.
 */
export function contrastive(options: ContrastiveOptions): ContrastiveRule {
  const rule = validate(contrastiveOptions, options, 'the options of contrastive');
  const { free, nudged, optimizerState } = rule;
  if (optimizerState === 'keep' && free.optimizer.name !== nudged.optimizer.name) {
    throw new InputError({
      what: 'The free phase leaves no buffers that the nudged phases could keep',
      got: `${free.optimizer.name}, then ${nudged.optimizer.name}`,
      legal: 'the same kind of optimiser in both phases, or optimizerState: "reset"',
    });
  }
  return rule;
}
