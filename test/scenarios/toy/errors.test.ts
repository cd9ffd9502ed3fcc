import fc from 'fast-check';
import { toySweeps } from '../../../scenarios/toy/errors';
import { InputError } from '../../../src/core/errors';

const ascending = (entries: fc.Arbitrary<number>) =>
  fc.uniqueArray(entries, { minLength: 1, maxLength: 6 }).map((values) => values.sort((a, b) => a - b));
const counts = ascending(fc.integer({ min: 10, max: 3000 }));
const betas = ascending(fc.double({ min: 1e-4, max: 3, noNaN: true }));
const shares = ascending(fc.constantFrom(0.1, 0.25, 0.5, 0.75, 0.9));
const grids = fc.record({
  steps: counts,
  betas,
  allocation: fc.record({ totals: counts, shares, betas }),
});

describe('the sweeps of a grid', () => {
  test('hold every estimate that the figures need', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const sweeps = toySweeps(grid);
        const has = (free: number, nudged: number, beta: number) =>
          sweeps.some((one) => one.free === free && one.nudged.includes(nudged) && one.betas.includes(beta));
        for (const count of grid.steps) {
          for (const beta of grid.betas) expect(has(count, count, beta)).toBe(true);
        }
        for (const total of grid.allocation.totals) {
          for (const share of grid.allocation.shares) {
            const free = Math.round(total * share);
            for (const beta of grid.allocation.betas) expect(has(free, total - free, beta)).toBe(true);
          }
        }
      }),
    );
  });

  test('run no free phase twice for the same figure', () => {
    fc.assert(
      fc.property(grids, (grid) => {
        const distinct = new Set(
          grid.allocation.totals.flatMap((total) =>
            grid.allocation.shares.map((share) => Math.round(total * share)),
          ),
        );
        expect(toySweeps(grid)).toHaveLength(grid.steps.length + distinct.size);
      }),
    );
  });

  test('begin with the one that takes most steps', () => {
    const allocation = { totals: [1000], shares: [0.1, 0.9], betas: [0.1, 1] };
    const sweeps = toySweeps({ steps: [100, 400], betas: [0.1], allocation });
    // Steps: 100 + 2 x 900, 900 + 2 x 100, 400 + 400, 100 + 100; the longest and the shortest take turns.
    expect(sweeps.map(({ free, nudged }) => [free, ...nudged])).toEqual([
      [100, 900],
      [100, 100],
      [900, 100],
      [400, 400],
    ]);
  });

  test('refuse a share that leaves a phase without a step', () => {
    const allocation = { totals: [4], shares: [0.1], betas: [0.1] };
    expect(() => toySweeps({ steps: [4], betas: [0.1], allocation })).toThrow(InputError);
  });
});
