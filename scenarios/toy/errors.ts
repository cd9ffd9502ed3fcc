import { relativeError } from '../../src/baselines/implicit';
import { InputError } from '../../src/core/errors';
import type { PhaseSweep } from '../../src/theory/phase-sweep';

/** Which estimates the figures need. */
export interface ToyGrid {
  /** Steps of each phase, ascending, where both kinds of phase are of one length. */
  readonly steps: readonly number[];
  /** Nudging strengths there, ascending. */
  readonly betas: readonly number[];
  readonly allocation: {
    /** Steps of the free and one nudged phase together, ascending. */
    readonly totals: readonly number[];
    /** Shares of them that the free phase gets, ascending, above 0 and below 1. */
    readonly shares: readonly number[];
    readonly betas: readonly number[];
  };
}

/** One free phase, and what is estimated from its end. */
export interface ToySweep {
  readonly free: number;
  readonly nudged: readonly number[];
  readonly betas: readonly number[];
}

/** The error of one estimate. */
export interface ToyError {
  readonly beta: number;
  readonly free: number;
  readonly nudged: number;
  /** Norm of estimate - exact over that of exact, for the meta-gradient of lambda. */
  readonly error: number;
  readonly residual: { readonly free: number; readonly nudged: number };
}

/** Steps of the free phase that a share of a total comes to. */
export function freeSteps(total: number, share: number): number {
  return Math.round(total * share);
}

/**
 * The free phases that a grid needs, each once for figures A and B and once for C. Long and short ones take turns, so that
 * the progress tells the time left about right.
 * @throws InputError where a share leaves a phase without a step.
 */
export function toySweeps({ steps, betas, allocation }: ToyGrid): ToySweep[] {
  const sweeps: ToySweep[] = steps.map((count) => ({ free: count, nudged: [count], betas }));
  const nudgedByFree = new Map<number, Set<number>>();
  for (const total of allocation.totals) {
    for (const share of allocation.shares) {
      const free = freeSteps(total, share);
      if (free < 1 || free >= total) {
        throw new InputError({
          what: 'A share leaves a phase without a step',
          got: `${share} of ${total} steps`,
          legal: `${1 / total} to ${1 - 1 / total}`,
        });
      }
      nudgedByFree.set(free, (nudgedByFree.get(free) ?? new Set()).add(total - free));
    }
  }
  for (const [free, nudged] of nudgedByFree) {
    sweeps.push({ free, nudged: [...nudged].sort((a, b) => a - b), betas: allocation.betas });
  }
  const byWork = sweeps.sort((a, b) => workOf(b) - workOf(a));
  return byWork.map((_, i) => (i % 2 === 0 ? byWork[i / 2]! : byWork[byWork.length - (i + 1) / 2]!));
}

/** Inner steps of a sweep. */
function workOf({ free, nudged, betas }: ToySweep): number {
  return free + betas.length * nudged.at(-1)!;
}

/** What a sweep's estimates are worth beside the exact meta-gradient of the strength. */
export function errorsOf(
  free: number,
  { free: end, estimates }: PhaseSweep,
  strength: string,
  exact: Float64Array,
): ToyError[] {
  return estimates.map(({ beta, nudged, residual, metaGradient }) => {
    const error = relativeError(metaGradient[strength]!, exact);
    if (error === null) {
      throw new InputError({ what: 'The exact meta-gradient is 0, so that no error can be measured by it' });
    }
    return { beta, free, nudged, error, residual: { free: end.residual, nudged: residual } };
  });
}
