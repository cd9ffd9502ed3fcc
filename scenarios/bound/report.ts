import type { BoundConstants } from '../../src/theory/bound';
import { power } from '../../src/theory/slope';
import { allowedError, bestOfSteps, type CorollaryRow, shareOfLimit } from './corollary-row';

/** Below this share of C / B_in the root of the distance is all that matters: the next order is its root, 3 %. */
const smallShare = 1e-3;

/** The numbers of a run, for `summary.json`. */
export function boundSummary(rows: readonly CorollaryRow[], constants: BoundConstants) {
  const best = bestOfSteps(rows);
  const small = best.filter((row) => shareOfLimit(constants, row) < smallShare);
  const distances = small.map(({ distance }) => distance.free + distance.nudged);
  const exponent = (y: 'error' | 'beta') =>
    small.length < 3
      ? null
      : power(
          distances,
          small.map((row) => row[y]),
        );
  return {
    scenario: 'bound',
    estimates: rows.length,
    constants,
    aboveBound: rows.filter((row) => row.error > allowedError(constants, row)).length,
    exponents: { points: small.length, error: exponent('error'), beta: exponent('beta') },
    best: best.map((row) => ({
      ...row,
      bound: allowedError(constants, row),
      share: shareOfLimit(constants, row),
    })),
  };
}

/** The same for people. */
export function boundReport({
  estimates,
  constants,
  aboveBound,
  exponents,
  best,
}: ReturnType<typeof boundSummary>): string {
  const power = (value: number) => value.toExponential(2).padStart(9);
  return [
    `${estimates} estimates of one meta-gradient of norm ${constants.curvature.toFixed(3)}, with known distances to the minima.`,
    `Theorem 2: ${aboveBound} of them are wrong by more than the bound allows.`,
    `Corollary 1: ${exponentsInWords(exponents)}.`,
    '',
    "steps  best beta     error     bound    delta    delta'  share of C / B_in",
    ...best.map(
      ({ steps, beta, error, bound, distance, share }) =>
        `${String(steps).padStart(5)}  ${[beta, error, bound, distance.free, distance.nudged, share].map(power).join(' ')}`,
    ),
    '',
    'Figures 1, S1, S2, and of Theorem 2 and Corollary 1 as measured, are drawn in plots/.',
  ].join('\n');
}

function exponentsInWords({ error, beta }: ReturnType<typeof boundSummary>['exponents']): string {
  if (error === null || beta === null) {
    return 'of no three numbers of steps is the distance a thousandth of C / B_in or less, so that powers are not known (in theory 1/2)';
  }
  return `the best error grows with the power ${error.toFixed(3)} of delta + delta', its beta with ${beta.toFixed(3)}; in theory 1/2`;
}
