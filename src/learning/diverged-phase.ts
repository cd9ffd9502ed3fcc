import { UnstableNeuronsError } from '../core/errors';
import type { Settled } from '../engine/engine';
import type { Optimizer } from './optimizers';
import type { AugmentedLoss } from './steepest-curvature';

/** A phase that did not go well, and a way to begin it again. */
export interface PhaseToTry extends AugmentedLoss {
  readonly optimizer: Optimizer;
  /** Steps that the optimiser had taken before the phase, and the phase's budget. */
  readonly stepsBefore: number;
  readonly budget: number;
  /** Puts phi and the optimiser's buffers where the phase began. */
  restart(): Promise<void>;
}

/** A phase that has diverged. */
export interface DivergedPhase extends PhaseToTry {
  /** Norm of the gradient where the phase began. */
  readonly firstResidual: number;
  /** Norm of the gradient at which it was given up. */
  readonly residual: number;
}

/** Steps at the most in which a change is tried. */
const mostSteps = 500;

/** A gradient that has grown by no more than this has not run away. */
const sane = 100;

/** Whether a phase with a change stays sane from its beginning. */
export async function passes(
  phase: PhaseToTry & { readonly firstResidual?: number },
  inner: Optimizer,
  beta = phase.beta,
): Promise<boolean> {
  const { session, train, replay, stepsBefore, budget, firstResidual } = phase;
  await phase.restart();
  try {
    return isSane(
      await session.settle({
        ...{ inner, beta, train, replay, stepsTaken: stepsBefore, tolerance: 0 },
        ...(firstResidual === undefined ? {} : { firstResidual }),
        steps: Math.min(budget, mostSteps),
      }),
    );
  } catch (error) {
    if (error instanceof UnstableNeuronsError) return false;
    throw error;
  }
}

/** Whether a phase that was tried has not run away. */
const isSane = ({ diverged, residual, firstResidual }: Settled): boolean =>
  !diverged && residual <= sane * firstResidual;
