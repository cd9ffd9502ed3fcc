import type { ContrastiveRule } from '../../learning/contrastive';
import type { PhaseEndEvent } from '../../learning/events';

/** Above this norm of the gradient a phase counts as not converged, where no tolerance was asked for. */
const defaultTolerance = 1e-6;

/** One sentence for each phase whose end is no equilibrium, with its residual: the contrast of such ends is an error. */
export function convergenceWarnings(
  phases: readonly PhaseEndEvent[],
  { free, nudged }: Pick<ContrastiveRule, 'free' | 'nudged'>,
): string[] {
  return phases
    .filter(({ beta, residual }) => {
      const { tolerance } = beta === 0 ? free : nudged;
      return !(residual <= (tolerance || defaultTolerance));
    })
    .map(
      ({ beta, residual, steps }) =>
        `the ${beta === 0 ? 'free' : 'nudged'} phase (beta = ${beta}) has not converged: ` +
        `residual ${residual.toExponential(2)} after ${steps} ${steps === 1 ? 'step' : 'steps'}`,
    );
}
