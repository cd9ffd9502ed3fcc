import { z } from 'zod';

export interface BetaGrid {
  readonly from: number;
  readonly to: number;
  readonly perDecade: number;
}

/** Settings of a grid of nudging strengths, evenly spread over orders of magnitude. */
export function betaGridSchema(standard: BetaGrid) {
  return z
    .strictObject({
      from: z
        .int()
        .min(-8)
        .max(3)
        .default(standard.from)
        .describe('smallest beta, as a power of 10, -8 to 3'),
      to: z.int().min(-8).max(3).default(standard.to).describe('largest beta, as a power of 10, above from'),
      perDecade: z
        .int()
        .min(1)
        .max(64)
        .default(standard.perDecade)
        .describe('betas to an order of magnitude, 1 to 64'),
    })
    .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be above from' })
    .prefault({});
}

/** The nudging strengths of a grid, ascending, of 15 digits so that powers of ten are what one types. */
export function betaGrid({ from, to, perDecade }: BetaGrid): number[] {
  return Array.from({ length: (to - from) * perDecade + 1 }, (_, i) =>
    Number((10 ** (from + i / perDecade)).toPrecision(15)),
  );
}

/** The powers of ten of a grid, ascending: a curve each, where a curve for each strength were too many. */
export function decades(grid: BetaGrid): number[] {
  return betaGrid({ ...grid, perDecade: 1 });
}
