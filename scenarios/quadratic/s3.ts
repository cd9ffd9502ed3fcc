import { norm } from '../../src/core/norm';
import { pForward } from '../../src/learning/estimators';
import type { Figure, Panel, Series } from '../../src/plot/figure';
import { type QuadraticProblem, quadraticMetaGradient } from '../../src/theory/quadratic';
import { finiteDifferenceBounds, finiteDifferenceError } from '../../src/theory/quadratic-estimate';
import {
  betaAxis,
  errorAxis,
  errorPoints,
  fewOf,
  inColoursOfTheirOwn,
  stepsLabel,
} from '../shared/error-axis';
import { bestInWords } from './best-in-words';
import type { QuadraticFacts, Regime } from './facts';

/** Fig. S3: the error against beta, a panel for each p and a curve for each number of steps; then the finite difference's own. */
export function figureS3(facts: QuadraticFacts, { lambda, converges, suffix }: Regime): Figure {
  const { rows, settings } = facts;
  const panels = settings.points.map((points): Panel => {
    const of = rows.filter(
      (row) => row.purpose === 'steps' && row.lambda === lambda && row.points === points,
    );
    return {
      title: `p = ${points}`,
      x: betaAxis,
      y: errorAxis,
      series: inColoursOfTheirOwn(
        fewOf(settings.steps).map((steps) => ({
          label: stepsLabel(steps),
          points: errorPoints(
            of.filter((row) => row.free === steps),
            'beta',
          ),
        })),
      ),
    };
  });
  return {
    name: `figure-s3${suffix}`,
    title: `Error of the p-forward estimators against beta, lambda = ${lambda}`,
    caption: converges
      ? 'Each curve has one best beta: below it the phases are too inexact for so small a nudge, above it the finite difference is too coarse, until the error saturates. The last panel shows phases that have converged (dots) on the closed form (dashed), down to the rounding of float64, and Eq. 8 around p = 2.'
      : `With so small a lambda the flat directions of the loss do not converge in these steps: the phases still drift, and the contrast measures the drift. ${bestInWords(facts, lambda)}`,
    ...(converges ? { panels: [...panels, convergedPanel(facts)] } : { panels, sharedAxes: ['y'] }),
  };
}

/** Fig. S3D: converged phases beside the closed form. */
function convergedPanel({ rows, problem, settings }: QuadraticFacts): Panel {
  const converged = rows.filter(({ purpose }) => purpose === 'converged');
  const series = settings.points.flatMap((points, i): Series[] => {
    const group = `curve ${i}`;
    const of = errorPoints(
      converged.filter((row) => row.points === points),
      'beta',
    );
    return [
      { label: `p = ${points}`, group, points: of, kind: 'dots' },
      {
        label: `p = ${points}, closed form`,
        group,
        points: of.map(({ x }) => ({ x, y: missed(problem, points, x) })),
        dashed: true,
      },
    ];
  });
  const betas = converged.filter(({ points }) => points === 2).map(({ beta }) => beta);
  return {
    title: 'finite difference alone',
    x: betaAxis,
    y: errorAxis,
    series: [...eqEight(problem, betas), ...series],
  };
}

/** Eq. 8 around the forward estimator's error. */
function eqEight(problem: QuadraticProblem, betas: readonly number[]): Series[] {
  if (betas.length === 0) return [];
  const points = betas.map((x) => {
    const { lower, upper } = finiteDifferenceBounds(problem, pForward(2, x));
    return { x, y: missed(problem, 2, x), low: lower, high: upper };
  });
  return [{ label: 'Eq. 8', group: 'curve 0', points, kind: 'band' }];
}

/** Norm of the finite difference's error over that of the meta-gradient, in closed form. */
function missed(problem: QuadraticProblem, points: number, beta: number): number {
  return norm(finiteDifferenceError(problem, pForward(points, beta))) / norm(quadraticMetaGradient(problem));
}
