import { type BetaGrid, betaGrid, decades } from '../shared/beta-grid';

/** Estimates that differ in beta alone, to be measured one after the other. */
export interface QuadraticJob {
  /** `steps`: as many in each phase; `converged`: until it has settled; `shared`: a fixed number, shared by two phases. */
  readonly purpose: 'steps' | 'converged' | 'shared';
  readonly lambda: number;
  /** p, the points of the forward finite difference. */
  readonly points: number;
  readonly steps: { readonly free: number; readonly nudged: number };
  readonly betas: readonly number[];
}

export interface QuadraticSettings {
  readonly lambda: number;
  readonly smallLambda: number;
  readonly rate: number;
  readonly points: readonly number[];
  readonly steps: readonly number[];
  readonly total: number;
  readonly converged: { readonly steps: number };
  readonly grid: BetaGrid;
}

/** All that Figs S3 to S6 are made from, for the lambda with which phases converge and for the small one. */
export function quadraticJobs(settings: QuadraticSettings): QuadraticJob[] {
  const { lambda, smallLambda, points, steps, total, converged, grid } = settings;
  const betas = betaGrid(grid);
  const both = [lambda, smallLambda];
  const inEachPhase = (count: number) => ({ free: count, nudged: count });
  return [
    ...both.flatMap((strength) =>
      points.flatMap((p) =>
        steps.map((count) => ({
          purpose: 'steps' as const,
          lambda: strength,
          points: p,
          steps: inEachPhase(count),
          betas,
        })),
      ),
    ),
    ...points.map((p) => ({
      purpose: 'converged' as const,
      lambda,
      points: p,
      steps: inEachPhase(converged.steps),
      betas,
    })),
    ...both.flatMap((strength) =>
      shares(total).map((free) => ({
        purpose: 'shared' as const,
        lambda: strength,
        points: 2,
        steps: { free, nudged: total - free },
        betas: decades(grid),
      })),
    ),
  ];
}

/** Steps of the free phase, from 1 to all but 1, at most twenty of them. */
function shares(total: number): number[] {
  const count = Math.min(total - 1, 20);
  const spread = Array.from({ length: count }, (_, i) => 1 + (i * (total - 2)) / Math.max(count - 1, 1));
  return [...new Set(spread.map(Math.round))];
}
