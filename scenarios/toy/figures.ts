import type { Axis, Figure, Panel, Series } from '../../src/plot/figure';
import type { ToyError, ToyGrid } from './errors';
import { bestBetas, errorsAtBeta, errorsAtSteps, errorsByShare } from './findings';

/** What was measured with one strength of the synapses. */
interface ToyRegime {
  readonly lambda: number;
  /** Of the inner loss, at its minimum. */
  readonly smallestEigenvalue: number;
  readonly errors: readonly ToyError[];
}

/** Both strengths: the one where phases of the grid's lengths converge, and the one where they do not. */
interface ToyFigureData {
  readonly grid: ToyGrid;
  readonly regimes: readonly ToyRegime[];
}

const errorAxis: Axis = { label: 'error of the meta-gradient / its norm', scale: 'log' };
const noBetterThanNone = { axis: 'y', at: 1, label: 'an estimate of 0' } as const;

/** Fig 2, A, B and C, each panel once for every strength that was measured. */
export function toyFigures(data: ToyFigureData): Figure[] {
  return data.regimes.length === 0 ? [] : [betaFigure(data), stepsFigure(data), allocationFigure(data)];
}

function betaFigure({ grid, regimes }: ToyFigureData): Figure {
  return {
    name: 'toy-beta',
    title: 'Fig 2A: every length of the phases has its own best nudging strength',
    caption: `Boston housing. Too small a beta divides what the phases have not settled by next to nothing, too large a one is a coarse finite difference. ${inWhichRegime({ grid, regimes })}`,
    sharedAxes: ['y'],
    panels: regimes.map(({ lambda, errors }) => ({
      title: `lambda = ${lambda}`,
      x: { label: 'nudging strength beta', scale: 'log' },
      y: errorAxis,
      series: grid.steps.map((steps) => ({
        label: `${steps} steps`,
        kind: 'line-and-dots',
        points: errorsAtSteps(errors, steps).map(({ beta, error }) => ({ x: beta, y: error })),
      })),
      marks: [noBetterThanNone],
    })),
  };
}

function stepsFigure({ grid, regimes }: ToyFigureData): Figure {
  return {
    name: 'toy-steps',
    title: 'Fig 2B: more steps help until the nudging strength limits the estimate',
    caption: `Boston housing, both phases of one length. Where a curve is flat, its beta is what is left of the error, and only a smaller one helps. ${inWhichRegime({ grid, regimes })}`,
    sharedAxes: ['y'],
    panels: regimes.map(({ lambda, errors }) => ({
      title: `lambda = ${lambda}`,
      x: { label: 'steps in each phase', scale: 'linear' },
      y: errorAxis,
      series: curvesOf(grid.betas, (beta) =>
        errorsAtBeta(errors, beta, grid.steps).map(({ free, error }) => ({ x: free, y: error })),
      ),
      marks: [noBetterThanNone],
    })),
  };
}

function allocationFigure({ grid, regimes }: ToyFigureData): Figure {
  const { totals, shares, betas } = grid.allocation;
  const panel = ({ lambda, errors }: ToyRegime, total: number): Panel => ({
    title: `lambda = ${lambda}, ${total} steps in all`,
    x: { label: 'share of the free phase', scale: 'linear', domain: [0, 1] },
    y: errorAxis,
    series: curvesOf(betas, (beta) =>
      errorsByShare(errors, { total, beta, shares }).map(({ share, error }) => ({ x: share, y: error })),
    ),
    marks: [noBetterThanNone],
  });
  return {
    name: 'toy-allocation',
    title: 'Fig 2C: with a large nudging strength the allocation of steps hardly matters',
    caption: `Boston housing, a fixed total of steps for the free and the nudged phase. The smaller beta, the narrower the shares that come near the best. ${inWhichRegime({ grid, regimes })}`,
    sharedAxes: ['y'],
    panels: regimes.flatMap((regime) => totals.map((total) => panel(regime, total))),
  };
}

/** A curve for each nudging strength of which an estimate is left. */
function curvesOf(betas: readonly number[], pointsOf: (beta: number) => Series['points']): Series[] {
  return betas.flatMap((beta): Series[] => {
    const points = pointsOf(beta);
    return points.length === 0 ? [] : [{ label: `beta = ${beta}`, kind: 'line-and-dots', points }];
  });
}

/** For each strength, how far its longest phases settle and what that leaves of the claim. */
function inWhichRegime({ grid, regimes }: ToyFigureData): string {
  return regimes
    .map(({ lambda, smallestEigenvalue, errors }) => {
      const longest = bestBetas(errors, grid.steps).at(-1);
      if (longest === undefined) return `With lambda = ${lambda} every nudged phase of one length diverges.`;
      const { steps, residual, error } = longest;
      return (
        `With lambda = ${lambda} (smallest curvature ${smallestEigenvalue.toPrecision(2)}) ${steps} steps leave a gradient of ` +
        `${residual.toExponential(1)}, and the best estimate is off by ${(100 * error).toPrecision(2)} %${judged(error)}.`
      );
    })
    .join(' ');
}

/** An estimate of 0 is off by 100 %. */
function judged(error: number): string {
  return error < 0.5 ? '' : ': phases that have not converged contrast little but what they have not settled';
}
