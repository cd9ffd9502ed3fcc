import { NoMinimumError } from '../../src/core/errors';
import { sgd } from '../../src/learning/optimizers';
import { exactAtMinimum } from '../../src/theory/exact-at-minimum';
import { oneSynapseOptions } from '../learning/one-synapse';

const { network, task, initial } = oneSynapseOptions();
const phase = { optimizer: sgd({ rate: 0.1 }), steps: 3, tolerance: 0 };
const search = { optimizer: sgd({ rate: 0.2 }), steps: 500, tolerance: 1e-13 };

describe('the exact meta-gradient at a minimum', () => {
  test('is taken where the search ends, however short the free phase before it', async () => {
    const exact = await exactAtMinimum({ network, task, initial, approach: phase, search });
    // L_in' = 2 (phi - 1) + lambda phi, so phi = 2 / (2 + lambda); dL_out/dlambda = -2 (phi + 0.5) phi / (2 + lambda).
    const phi = 2 / 2.5;
    expect(exact.converged).toBe(true);
    expect(exact.residual).toBeLessThanOrEqual(1e-13);
    // A residual of 1e-13 over a curvature of 2.5 is a distance of 4e-14; 12 decimals leave room for rounding.
    expect(exact.phi[0]).toBeCloseTo(phi, 12);
    expect(exact.metaGradient.lambda![0]).toBeCloseTo((-2 * (phi + 0.5) * phi) / 2.5, 12);
    expect(exact.smallestEigenvalue).toBeCloseTo(2.5, 12);
  });

  test('goes on from the end of the free phase: with no step left to take, the search stays there', async () => {
    const settled = { ...phase, steps: 500, tolerance: 1e-13 };
    const { steps, converged } = await exactAtMinimum({ network, task, initial, approach: settled, search });
    expect({ steps, converged }).toEqual({ steps: 0, converged: true });
  });

  test('says that a search has not converged', async () => {
    const short = { ...search, steps: 2 };
    const exact = await exactAtMinimum({ network, task, initial, approach: phase, search: short });
    expect(exact).toMatchObject({ converged: false, steps: 2 });
    expect(exact.residual).toBeGreaterThan(1e-13);
  });

  test('does not exist where there is no minimum', async () => {
    // An input of 0 leaves the loss without curvature, and lambda = 0 the penalty too.
    const flat = { ...task, train: { ...task.train, x: Float64Array.of(0) } };
    const problem = { network, task: flat, initial: { ...initial, lambda: 0 }, approach: phase, search };
    await expect(exactAtMinimum(problem)).rejects.toThrow(NoMinimumError);
  });
});
