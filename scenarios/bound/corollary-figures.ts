import type { Figure, Series } from '../../src/plot/figure';
import { type BoundConstants, optimalBeta, optimalBound } from '../../src/theory/bound';
import { betaAxis, fewOf, stepsLabel } from '../shared/error-axis';
import { allowedError, bestOfSteps, type CorollaryRow, shareOfLimit } from './corollary-row';

const errorLabel = 'error of the meta-gradient';

/** Theorem 2 and Corollary 1 against what was measured where all constants and distances are known. */
export function corollaryFigures(rows: readonly CorollaryRow[], constants: BoundConstants): Figure[] {
  return [theoremFigure(rows, constants), corollaryFigure(rows, constants)];
}

function theoremFigure(rows: readonly CorollaryRow[], constants: BoundConstants): Figure {
  const counts = [...new Set(rows.map(({ steps }) => steps))];
  const series = fewOf(counts, 3).flatMap((steps): Series[] => {
    const of = rows.filter((row) => row.steps === steps);
    return [
      { label: stepsLabel(steps), points: of.map(({ beta, error }) => ({ x: beta, y: error })) },
      {
        label: `bound, ${stepsLabel(steps)}`,
        group: stepsLabel(steps),
        points: of.map((row) => ({ x: row.beta, y: allowedError(constants, row) })),
        dashed: true,
      },
    ];
  });
  return {
    name: 'theorem-2',
    title: 'The bound of Theorem 2 above the measured error of the quadratic problem',
    caption:
      'Dashed: the bound at the measured delta and delta-prime. It has the shape of the error and is never below it. After few steps it says little: it is above the norm of the meta-gradient at every beta.',
    panels: [
      {
        x: betaAxis,
        y: { label: errorLabel, scale: 'log' },
        series,
        marks: [{ axis: 'y', at: constants.curvature, label: 'norm of the meta-gradient' }],
      },
    ],
  };
}

function corollaryFigure(rows: readonly CorollaryRow[], constants: BoundConstants): Figure {
  const best = bestOfSteps(rows);
  const solvable = best.filter((row) => shareOfLimit(constants, row) < 1);
  const distance = (row: CorollaryRow): number => row.distance.free + row.distance.nudged;
  const x = { label: "delta + delta' at the best beta", scale: 'log' } as const;
  const limit = {
    axis: 'x',
    at: constants.curvature / constants.inner,
    label: "delta + delta' = C / B_in",
  } as const;
  const panel = (label: string, measured: (row: CorollaryRow) => number, theory: typeof optimalBeta) => ({
    x,
    y: { label, scale: 'log' as const },
    series: [
      {
        label: 'measured',
        kind: 'dots' as const,
        points: best.map((row) => ({ x: distance(row), y: measured(row) })),
      },
      {
        label: 'Corollary 1',
        dashed: true,
        points: solvable.map((row) => ({ x: distance(row), y: theory(constants, row.distance) })),
      },
    ],
    marks: [limit],
  });
  return {
    name: 'corollary-1',
    title: 'Best error and best beta of the quadratic problem against the phases’ distance to their minima',
    caption:
      'Left of the limit both fall with the root of the distance, as the corollary’s bound and its beta do. Near the limit, after few steps, the corollary does not apply and the root is not seen.',
    panels: [
      { title: 'A: best error', ...panel(errorLabel, ({ error }) => error, optimalBound) },
      { title: 'B: best beta', ...panel('best beta', ({ beta }) => beta, optimalBeta) },
    ],
  };
}
