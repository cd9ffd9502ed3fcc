import { toyFigures } from '../../../scenarios/toy/figures';

const grid = {
  steps: [4, 8],
  betas: [0.1, 1],
  allocation: { totals: [8], shares: [0.25, 0.5], betas: [1] },
};
const errors = [4, 8].flatMap((count) =>
  [0.1, 1].map((beta) => ({
    beta,
    free: count,
    nudged: count,
    error: beta / count,
    residual: { free: 1e-3, nudged: 1e-3 },
  })),
);
const strong = { lambda: 0.1, smallestEigenvalue: 0.017, errors };
const weak = {
  lambda: 0.01,
  smallestEigenvalue: 0.002,
  errors: errors.map((one) => ({ ...one, error: one.error + 1 })),
};

test('there is one figure each for beta, steps and allocation, with a panel for each strength', () => {
  const figures = toyFigures({ grid, regimes: [strong, weak] });
  expect(figures.map(({ name }) => name)).toEqual(['toy-beta', 'toy-steps', 'toy-allocation']);
  for (const { panels } of figures) {
    expect(panels.map(({ title }) => title)).toEqual([
      expect.stringContaining('lambda = 0.1'),
      expect.stringContaining('lambda = 0.01'),
    ]);
  }
});

test('error against beta has a curve for each length', () => {
  const [beta] = toyFigures({ grid, regimes: [strong] });
  expect(beta!.panels[0]!.series.map(({ label, points }) => [label, points])).toEqual([
    [
      '4 steps',
      [
        { x: 0.1, y: 0.025 },
        { x: 1, y: 0.25 },
      ],
    ],
    [
      '8 steps',
      [
        { x: 0.1, y: 0.0125 },
        { x: 1, y: 0.125 },
      ],
    ],
  ]);
});

test('error against steps has a curve for each beta', () => {
  const [, steps] = toyFigures({ grid, regimes: [strong] });
  expect(steps!.panels[0]!.series.map(({ label, points }) => [label, points])).toEqual([
    [
      'beta = 0.1',
      [
        { x: 4, y: 0.025 },
        { x: 8, y: 0.0125 },
      ],
    ],
    [
      'beta = 1',
      [
        { x: 4, y: 0.25 },
        { x: 8, y: 0.125 },
      ],
    ],
  ]);
});

test('error against the share of the free phase has a curve for each beta, without what was not measured', () => {
  const [, , allocation] = toyFigures({ grid, regimes: [strong] });
  expect(allocation!.panels[0]!.series.map(({ label, points }) => [label, points])).toEqual([
    ['beta = 1', [{ x: 0.5, y: 0.25 }]],
  ]);
});

test('the caption says of each strength what its longest phases leave, and where no estimate is worth anything', () => {
  const [beta] = toyFigures({ grid, regimes: [strong, weak] });
  expect(beta!.caption).toContain(
    'With lambda = 0.1 (smallest curvature 0.017) 8 steps leave a gradient of 1.0e-3, and the best estimate is off by 1.3 %.',
  );
  expect(beta!.caption).toMatch(/lambda = 0\.01 .* off by 1\.0e\+2 %: phases that have not converged/);
});

test('nothing is drawn where no strength has an exact gradient', () => {
  expect(toyFigures({ grid, regimes: [] })).toEqual([]);
});

test('a nudging strength whose phases all diverged has no curve', () => {
  const stable = { ...strong, errors: errors.filter(({ beta }) => beta < 1) };
  const [, steps, allocation] = toyFigures({ grid, regimes: [stable] });
  expect(steps!.panels[0]!.series.map(({ label }) => label)).toEqual(['beta = 0.1']);
  expect(allocation!.panels[0]!.series).toEqual([]);
});
