import { finite, wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import type { Estimator } from './estimators';
import type { Optimizer } from './optimizers';

/** How phi settles in one kind of phase. */
export interface PhaseSettings {
  readonly optimizer: Optimizer;
  /** Step budget. */
  readonly steps: number;
  /** The phase has converged once the norm of the augmented loss's gradient is at or below this. 0 runs every
   * step of the budget. Default 1e-6. */
  readonly tolerance?: number;
}

/** The contrastive rule as a value: an estimator, and how its phases settle. */
export interface ContrastiveRule {
  readonly estimator: Estimator;
  readonly free: Required<PhaseSettings>;
  readonly nudged: Required<PhaseSettings>;
  /** What a nudged phase's optimiser starts with: the free phase's buffers, or none. */
  readonly optimizerState: 'keep' | 'reset';
}

export interface ContrastiveOptions {
  readonly estimator: Estimator;
  readonly free: PhaseSettings;
  readonly nudged: PhaseSettings;
  /** Default `reset`, as for regularisation learning; few-shot learning takes `keep`. */
  readonly optimizerState?: 'keep' | 'reset';
}

/**
 * The contrastive meta-learning rule (Eq. 4).
 * @throws InputError where a budget or tolerance is out of range, or `keep` has nothing that it could keep.
 */
export function contrastive(options: ContrastiveOptions): ContrastiveRule {
  const { estimator, optimizerState = 'reset' } = options;
  const [free, nudged] = [checkPhase('free', options.free), checkPhase('nudged', options.nudged)];
  if (optimizerState === 'keep' && free.optimizer.name !== nudged.optimizer.name) {
    throw new InputError({
      what: 'The free phase leaves no buffers that the nudged phases could keep',
      got: `${free.optimizer.name}, then ${nudged.optimizer.name}`,
      legal: 'the same kind of optimiser in both phases, or optimizerState: "reset"',
    });
  }
  return { estimator, free, nudged, optimizerState };
}

function checkPhase(name: string, phase: PhaseSettings): Required<PhaseSettings> {
  const tolerance = finite(`${name}.tolerance`, phase.tolerance ?? 1e-6);
  wholeNumber(`${name}.steps`, phase.steps, 1);
  if (tolerance < 0) {
    throw new InputError({
      what: `${name}.tolerance must not be negative`,
      got: tolerance,
      legal: '0 or more',
    });
  }
  return { ...phase, tolerance };
}
