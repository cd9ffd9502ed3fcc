import type { Axis, Figure, Series } from '../../src/plot/figure';
import { errorAxis } from '../shared/error-axis';
import { bestInWords } from './best-in-words';
import type { QuadraticFacts, Regime } from './facts';
import { bestRows } from './row';

const stepsAxis: Axis = { label: 'steps in each phase', scale: 'linear' };

/** Fig. S5: the best error over all betas of the grid (A), and the beta that reaches it (B), a curve for each p. */
export function figureS5(facts: QuadraticFacts, { lambda, converges, suffix }: Regime): Figure {
  const { rows, settings } = facts;
  const best = settings.points.map((points) => ({
    points,
    rows: bestRows(rows, settings.steps, lambda, points),
  }));
  const series = (y: 'error' | 'beta'): Series[] =>
    best.map((of) => ({
      label: `p = ${of.points}`,
      kind: 'line-and-dots',
      points: of.rows.map((row) => ({ x: row.free, y: row[y] })),
    }));
  return {
    name: `figure-s5${suffix}`,
    title: `The best error, and the beta that reaches it, against steps in each phase, lambda = ${lambda}`,
    caption: converges
      ? 'Once phases are long enough, the best error and its beta fall exponentially with their steps, and more points give a smaller error at a larger beta. In the first few steps more points do not help: the phases are too inexact, and larger coefficients make more of that.'
      : `With so small a lambda the phases do not converge in these steps, so that the best error falls slowly, whatever beta. ${bestInWords(facts, lambda)}`,
    panels: [
      {
        title: 'A: best error',
        x: stepsAxis,
        y: errorAxis,
        series: series('error'),
      },
      { title: 'B: its beta', x: stepsAxis, y: { label: 'best beta', scale: 'log' }, series: series('beta') },
    ],
  };
}
