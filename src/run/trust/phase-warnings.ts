import { norm } from '../../core/norm';
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

/** Half a unit in the last place of float32, relative: what each phi is rounded by. */
const rounding = 2 ** -24;

/**
 * With fewer decimal digits than this, rounding alone makes an error of some percent. Measured on Boston, phases settled as far as
 * float32 goes: 6.2, 5.2, 4.2, 3.2, 2.2 digits left errors of 6e-6, 1e-4, 1e-3, 1.5e-2, 1e-1.
 */
const fewest = 3;

/**
 * How many decimal digits of a contrast float32 leaves: those by which phi moves between the free and a nudged phase, beyond
 * what it is rounded by. Infinity where it does not move, for then there is nothing to lose.
 */
function contrastDigits(free: Float64Array, nudged: Float64Array): number {
  const moved = norm(free.map((value, i) => nudged[i]! - value));
  if (moved === 0) return Number.POSITIVE_INFINITY;
  return Math.log10(moved / (rounding * norm(free)));
}

/** A sentence for each nudged phase whose contrast float32 leaves too few digits; none for float64. */
export function precisionWarnings(
  equilibria: ReadonlyMap<number, Float64Array>,
  precision: 'float64' | 'float32',
): string[] {
  const free = equilibria.get(0)!;
  if (precision === 'float64') return [];
  return [...equilibria].flatMap(([beta, nudged]) => {
    const digits = beta === 0 ? Number.POSITIVE_INFINITY : contrastDigits(free, nudged);
    if (digits >= fewest) return [];
    return [
      `float32 leaves ${Math.max(0, digits).toFixed(1)} decimal digits of the contrast at beta = ${beta}: ` +
        'take a larger beta, or --engine reference',
    ];
  });
}
