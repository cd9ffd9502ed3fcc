import type { ToyError } from '../../../scenarios/toy/errors';
import {
  bestBetas,
  errorsAtBeta,
  errorsAtSteps,
  errorsByShare,
  plateaus,
} from '../../../scenarios/toy/findings';

const error = (free: number, nudged: number, beta: number, error: number): ToyError => ({
  ...{ free, nudged, beta, error },
  residual: { free: 1 / free, nudged: 1 },
});

test('errors of phases of one length are told by ascending beta, each once', () => {
  const errors = [error(5, 5, 1, 0.3), error(5, 4, 0.1, 9), error(5, 5, 0.1, 0.2), error(5, 5, 1, 0.3)];
  expect(errorsAtSteps(errors, 5).map(({ beta }) => beta)).toEqual([0.1, 1]);
});

test('errors of one beta are told by ascending length, and a length without one is left out', () => {
  const errors = [error(8, 8, 1, 0.1), error(4, 4, 1, 0.2), error(4, 4, 2, 0.3)];
  expect(errorsAtBeta(errors, 1, [4, 6, 8]).map(({ free }) => free)).toEqual([4, 8]);
});

test('the best beta of each length stands beside the errors at both ends of the grid', () => {
  const errors = [error(4, 4, 0.1, 3), error(4, 4, 1, 0.5), error(4, 4, 10, 0.9)];
  expect(bestBetas(errors, [4, 6])).toEqual([
    { steps: 4, beta: 1, error: 0.5, ends: [3, 0.9], residual: 0.25 },
  ]);
});

test('errors of one total are found by the share of the free phase', () => {
  const errors = [error(2, 8, 1, 0.4), error(5, 5, 1, 0.2), error(5, 5, 2, 7)];
  expect(errorsByShare(errors, { total: 10, beta: 1, shares: [0.2, 0.5, 0.8] })).toEqual([
    { share: 0.2, error: 0.4 },
    { share: 0.5, error: 0.2 },
  ]);
});

test('a plateau is the run of shares around the best one with errors of up to 1.5 times its own', () => {
  const row = [0.11, 0.4, 0.14, 0.1, 0.149, 0.151].map((value, i) => error(i + 1, 9 - i, 1, value));
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  expect(plateaus(row, { totals: [10], betas: [1], shares })).toEqual([
    { total: 10, beta: 1, share: 0.4, error: 0.1, from: 0.3, to: 0.5, spread: 4 },
  ]);
});
