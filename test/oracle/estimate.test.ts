import { relativeError } from '../../src/baselines/implicit';
import { DivergenceError } from '../../src/core/errors';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { estimatorNamed } from '../../src/learning/estimators';
import { estimate } from '../../src/run/estimate/estimate';
import { parseProblem } from '../../src/run/estimate/problem';

/**
 * One unit with a weight w and a bias b, seen at x = 1 and x = -1 with targets b* + w* and b* - w*: the mean
 * squared error is (w - w*)^2 + (b - b*)^2, so the two synapses are two problems in closed form.
 */
const samples = (weight: number, bias: number) => ({ x: [[1], [-1]], y: [[bias + weight], [bias - weight]] });
const phase = { optimizer: 'sgd', learningRate: 0.2, steps: 2000, tolerance: 1e-14 };
const train = [1, 0.4];
const heldOut = [-0.5, 2];
const base = {
  model: { layers: [{ type: 'dense', inputs: 1, outputs: 1 }] },
  loss: 'mse',
  train: samples(train[0]!, train[1]!),
  validation: samples(heldOut[0]!, heldOut[1]!),
  phi: [0, 0],
  omega: [0.25, -0.5],
  lambda: [0.5, 1],
  free: phase,
  nudged: phase,
};
const run = (change: Partial<typeof base> = {}, estimator = 'forward', beta = 0.1) =>
  estimate(parseProblem({ ...base, ...change }), estimatorNamed(estimator, beta), referenceEngine);

describe('the estimate of a problem', () => {
  it.each([
    ['forward', { 0: -1, 1: 1 }],
    ['symmetric', { [-1]: -1 / 2, 1: 1 / 2 }],
    ['p3', { 0: -3 / 2, 1: 2, 2: -1 / 2 }],
  ])('by %s is that of the closed form, for each synapse', async (estimator, alphas) => {
    const beta = 0.1;
    const result = await run({}, estimator, beta);
    base.omega.forEach((omega, i) => {
      const lambda = base.lambda[i]!;
      const phi = (nudge: number) =>
        (2 * train[i]! + lambda * omega + 2 * nudge * heldOut[i]!) / (2 + lambda + 2 * nudge);
      const contrasted = (slope: (phi: number) => number) =>
        Object.entries(alphas).reduce(
          (sum, [k, alpha]) => sum + (alpha / beta) * slope(phi(Number(k) * beta)),
          0,
        );
      // phi is right to about 1e-15, divided by beta.
      expect(
        Math.abs(result.metaGradient.omega[i]! - contrasted((at) => -lambda * (at - omega))),
      ).toBeLessThan(1e-10);
      expect(
        Math.abs(result.metaGradient.lambda[i]! - contrasted((at) => (at - omega) ** 2 / 2)),
      ).toBeLessThan(1e-10);
      const outer = 2 * (phi(0) - heldOut[i]!);
      expect(Math.abs(result.exact!.omega[i]! - (outer * lambda) / (2 + lambda))).toBeLessThan(1e-10);
      expect(Math.abs(result.exact!.lambda[i]! + (outer * (phi(0) - omega)) / (2 + lambda))).toBeLessThan(
        1e-10,
      );
    });
    expect(result.warnings).toEqual([]);
    expect(result).toMatchObject({ estimator, beta, engine: 'reference', exactRefused: null });
  });

  it('holds the relative error that its own numbers give', async () => {
    const { metaGradient, exact, relativeError: told } = await run();
    for (const variable of ['omega', 'lambda'] as const) {
      const difference = metaGradient[variable].map((value, i) => value - exact![variable][i]!);
      // The same sums in another order.
      expect(told![variable]).toBeCloseTo(Math.hypot(...difference) / Math.hypot(...exact![variable]), 12);
    }
  });

  it('has a residual for each phase, in the order that they run', async () => {
    const { residual } = await run({}, 'p3');
    expect(residual.nudged).toHaveLength(2);
    expect(Math.max(residual.free, ...residual.nudged)).toBeLessThanOrEqual(1e-14);
  });

  it('refuses the exact gradient with the reason where the Hessian is singular', async () => {
    // At x = 0 nothing pulls the weight, and neither does a lambda of 0.
    const blind = { x: [[0]], y: [[1]] };
    const result = await run({ train: blind, validation: blind, lambda: [0, 1] });
    expect(result).toMatchObject({ exact: null, relativeError: null });
    expect(result.exactRefused).toMatch(/no strict minimum.*singular.*smallest eigenvalue 0/);
    expect(result.metaGradient.lambda).toHaveLength(2);
  });

  it('refuses the exact gradient with the reason where the Hessian is indefinite', async () => {
    // Two linear units in a chain: at weights 0 and no pull, a saddle.
    const chain = {
      model: {
        layers: [
          { type: 'dense', inputs: 1, outputs: 1 },
          { type: 'dense', inputs: 1, outputs: 1 },
        ],
      },
      phi: [0, 0, 0, 0],
      omega: [0, 0, 0, 0],
      lambda: [0, 0, 0, 0],
      train: { x: [[1], [-1]], y: [[1], [-1]] },
    };
    const result = await run(chain);
    expect(result.exactRefused).toMatch(/indefinite/);
    expect(result.exact).toBeNull();
  });

  it('warns with beta and residual where a phase has not converged', async () => {
    const { warnings, residual } = await run({ nudged: { ...phase, steps: 1 } }, 'symmetric');
    expect(residual.nudged.every((norm) => norm > 1e-3)).toBe(true);
    expect(warnings).toHaveLength(2);
    [0.1, -0.1].forEach((beta, i) => {
      expect(warnings[i]).toContain(`beta = ${beta})`);
      expect(warnings[i]).toContain(`residual ${residual.nudged[i]!.toExponential(2)} after 1 step`);
    });
  });

  it('warns of a phase above 1e-6 where no tolerance was asked for', async () => {
    const { warnings } = await run({ free: { ...phase, tolerance: 0, steps: 5 } });
    expect(warnings).toEqual([expect.stringMatching(/beta = 0\b.*has not converged/)]);
    expect((await run({ free: { ...phase, tolerance: 0 } })).warnings).toEqual([]);
  });

  it('fails where a phase diverges', async () => {
    await expect(run({ free: { ...phase, learningRate: 50 } })).rejects.toThrow(DivergenceError);
  });
});

describe('synapses whose lambda is 0', () => {
  it('have a gradient of 0 for omega, and a relative error of 0/0 counts as 0', async () => {
    const { metaGradient, exact, relativeError: told } = await run({ lambda: [0, 0] });
    expect(metaGradient.omega.map((value) => value + 0)).toEqual([0, 0]);
    expect(exact!.omega.map((value) => value + 0)).toEqual([0, 0]);
    expect(told!.omega).toBe(0);
    expect(told!.lambda).toBeGreaterThan(0);
  });

  it('stay without a pull beside others that have one', async () => {
    const both = await run({ lambda: [0, 1] });
    const other = await run({ lambda: [3, 1] });
    expect(both.metaGradient.omega[0]! + 0).toBe(0);
    // Each run stops where both synapses have settled: phi is right to about 1e-15 in both, divided by beta.
    expect(Math.abs(both.metaGradient.lambda[1]! - other.metaGradient.lambda[1]!)).toBeLessThan(1e-10);
  });
});

describe('the relative error', () => {
  const of = (estimated: number[], exact: number[]) =>
    relativeError(Float64Array.from(estimated), Float64Array.from(exact));

  it('is the norm of the difference over that of the exact value', () => {
    expect(of([3, 4], [0, 4])).toBe(3 / 4);
    expect(of([1, 2], [1, 2])).toBe(0);
  });

  it('is 0 where both are 0, and nothing where only the exact value is', () => {
    expect(of([0, 0], [0, 0])).toBe(0);
    expect(of([0, 1e-9], [0, 0])).toBeNull();
  });
});
