import type { Figure } from '../../src/plot/figure';
import { errorAxis, errorPoints, shownDecades } from '../shared/error-axis';
import type { QuadraticFacts, Regime } from './facts';

/** Fig. S4: the error against the number of steps in each phase, a panel for each p and a curve for each beta. */
export function figureS4({ rows, settings }: QuadraticFacts, { lambda, converges, suffix }: Regime): Figure {
  const betas = shownDecades(settings.grid);
  return {
    name: `figure-s4${suffix}`,
    title: `Error of the p-forward estimators against steps in each phase, lambda = ${lambda}`,
    caption: converges
      ? 'Longer phases help until the finite difference alone is left, which is lower the smaller beta and the larger p.'
      : 'With so small a lambda no curve saturates in these steps: what is left is not the finite difference but phases that have not converged.',
    sharedAxes: ['y'],
    panels: settings.points.map((points) => ({
      title: `p = ${points}`,
      x: { label: 'steps in each phase', scale: 'linear' },
      y: errorAxis,
      series: betas.map((beta) => ({
        label: `beta = ${beta}`,
        points: errorPoints(
          rows.filter(
            (row) =>
              row.purpose === 'steps' && row.lambda === lambda && row.points === points && row.beta === beta,
          ),
          'free',
        ),
      })),
    })),
  };
}
