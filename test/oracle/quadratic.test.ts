import { measureQuadratic } from '../../scenarios/shared/quadratic-error';
import { relativeError } from '../../src/baselines/implicit';
import { RandomStreams } from '../../src/core/random';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { errorBound } from '../../src/theory/bound';
import { drawQuadratic } from '../../src/theory/draw-quadratic';
import {
  equilibriumEstimate,
  finiteDifferenceBounds,
  quadraticConstants,
} from '../../src/theory/quadratic-estimate';
import { power } from '../../src/theory/slope';

/** N = 50, h_i = 1/i, as in the paper. */
const problem = drawQuadratic(new RandomStreams(1).stream('problem'), 0.3);
const executed = { problem, rate: 1, engine: referenceEngine, rules: plainExecutor() };

const settled = (estimator: Estimator) =>
  measureQuadratic({ ...executed, estimator, steps: { free: 20_000, nudged: 20_000 }, tolerance: 1e-14 });
const afterSteps = (estimator: Estimator, count: number) =>
  measureQuadratic({ ...executed, estimator, steps: { free: count, nudged: count } });

const estimators: [string, (beta: number) => Estimator][] = [
  ['forward', forward],
  ['symmetric', symmetric],
  ...[3, 4, 5].map((p): [string, (beta: number) => Estimator] => [`p = ${p}`, (beta) => pForward(p, beta)]),
];

describe.each(estimators)('simulated to convergence, the estimate by %s', (_name, of) => {
  it.each([0.01, 0.1, 0.5])('is the closed form at beta = %p', async (beta) => {
    const { estimate, converged } = await settled(of(beta));
    expect(converged).toBe(true);
    // Phases end 1e-13 from their minima: coefficients of up to 5 / 0.01 leave 5e-11 of it.
    expect(relativeError(estimate, equilibriumEstimate(problem, of(beta)))).toBeLessThan(1e-9);
  });
});

describe('the forward estimate', () => {
  it('lies between the bounds of Eq. 8 at every beta of the grid', async () => {
    for (let exponent = -3; exponent <= 2; exponent += 0.25) {
      const estimator = forward(10 ** exponent);
      const { error } = await settled(estimator);
      const { lower, upper } = finiteDifferenceBounds(problem, estimator);
      expect(error).toBeGreaterThan(lower);
      expect(error).toBeLessThan(upper);
    }
  });

  it('is wrong by less than Theorem 2 allows, however few its steps', async () => {
    const constants = quadraticConstants(problem);
    for (const count of [1, 5, 20, 50]) {
      for (const beta of [1e-4, 1e-2, 0.1, 1, 10]) {
        const { error, distance } = await afterSteps(forward(beta), count);
        expect(error * constants.curvature).toBeLessThan(errorBound(constants, distance, beta));
      }
    }
  });
});

describe('with the best beta', () => {
  /** Least error over a grid of betas with 16 to an order of magnitude, at a number of steps in each phase. */
  async function best(p: number, count: number): Promise<{ error: number; beta: number; distance: number }> {
    let least = { error: Number.POSITIVE_INFINITY, beta: Number.NaN, distance: Number.NaN };
    for (let exponent = -4.5; exponent <= -0.5; exponent += 1 / 16) {
      const beta = 10 ** exponent;
      const { error, distance } = await afterSteps(pForward(p, beta), count);
      if (error < least.error) least = { error, beta, distance: distance.free };
    }
    return least;
  }

  // In theory a distance/beta + b beta^(p-1) is least, by beta, at the power 1/p of the distance.
  it.each([
    [2, 1 / 2],
    [3, 1 / 3],
  ])('p = %i: beta goes with the power %p of delta, and the error with the rest', async (p, expected) => {
    const found = await Promise.all([35, 40, 45, 50, 55].map((count) => best(p, count)));
    const deltas = found.map(({ distance }) => distance);
    // Betas are known to 1/32 of an order of magnitude, deltas range over 2.5 orders, beta's next order is a few percent.
    expect(
      Math.abs(
        power(
          deltas,
          found.map(({ beta }) => beta),
        ) - expected,
      ),
    ).toBeLessThan(0.03);
    expect(
      Math.abs(
        power(
          deltas,
          found.map(({ error }) => error),
        ) -
          (1 - expected),
      ),
    ).toBeLessThan(0.03);
  });

  it('an inexact free phase makes more points no better: after 3 steps p = 4 is worse than p = 2, after 20 it is better', async () => {
    expect((await best(4, 3)).error).toBeGreaterThan((await best(2, 3)).error);
    expect((await best(4, 20)).error).toBeLessThan((await best(2, 20)).error / 2);
  });
});
