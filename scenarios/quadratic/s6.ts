import type { Figure } from '../../src/plot/figure';
import { errorAxis, errorPoints, shownDecades } from '../shared/error-axis';
import type { QuadraticFacts, Regime } from './facts';

/** Fig. S6: the forward estimator's error against the free phase's steps, the two phases' total being fixed. */
export function figureS6({ rows, settings }: QuadraticFacts, { lambda, converges, suffix }: Regime): Figure {
  const { total, grid } = settings;
  return {
    name: `figure-s6${suffix}`,
    title: `Error against how ${total} steps are shared by the two phases, lambda = ${lambda}`,
    caption: converges
      ? 'A small nudge leaves the nudged phase little to do and wants nearly all steps in the free phase. A large one gives a wide plateau, at a larger error, and may take its best share early.'
      : 'With so small a lambda neither phase converges in these steps, so that no share is good.',
    panels: [
      {
        x: { label: `steps in the free phase, of ${total}`, scale: 'linear' },
        y: errorAxis,
        series: shownDecades(grid).map((beta) => ({
          label: `beta = ${beta}`,
          points: errorPoints(
            rows.filter((row) => row.purpose === 'shared' && row.lambda === lambda && row.beta === beta),
            'free',
          ),
        })),
      },
    ],
  };
}
