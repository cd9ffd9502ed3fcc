import fc from 'fast-check';
import { implicitGradient } from '../../src/baselines/implicit';
import { contrastive } from '../../src/learning/contrastive';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { oneSynapse, sample, simulateOne } from '../learning/one-synapse';

/** L_in = (phi - a)^2 + lambda/2 (phi - omega)^2, L_out = (phi - b)^2: everything about it in closed form. */
interface OneSynapse {
  readonly a: number;
  readonly b: number;
  readonly omega: number;
  readonly lambda: number;
}

/** Where d/dphi of L_in + beta L_out is 0. */
const equilibrium = ({ a, b, omega, lambda }: OneSynapse, beta: number): number =>
  (2 * a + lambda * omega + 2 * beta * b) / (2 + lambda + 2 * beta);

/** dL_in/dtheta at phi. */
const slope = ({ omega, lambda }: OneSynapse, phi: number) => ({
  omega: -lambda * (phi - omega),
  lambda: (phi - omega) ** 2 / 2,
});

/** dL_out(phi*)/dtheta, by differentiating the closed form of phi*. */
function exactly(problem: OneSynapse) {
  const phi = equilibrium(problem, 0);
  const outer = 2 * (phi - problem.b);
  const curvature = 2 + problem.lambda;
  return {
    omega: (outer * problem.lambda) / curvature,
    lambda: (-outer * (phi - problem.omega)) / curvature,
  };
}

/** (1/beta) sum of alpha_i dL/dtheta(phi*_i beta), written out for each estimator. */
const weights: [name: string, make: (beta: number) => Estimator, alphas: Record<number, number>][] = [
  ['forward', forward, { 0: -1, 1: 1 }],
  ['symmetric', symmetric, { [-1]: -1 / 2, 1: 1 / 2 }],
  ['p = 3', (beta) => pForward(3, beta), { 0: -3 / 2, 1: 2, 2: -1 / 2 }],
  ['p = 4', (beta) => pForward(4, beta), { 0: -11 / 6, 1: 3, 2: -3 / 2, 3: 1 / 3 }],
];

function simulation(problem: OneSynapse, estimator: Estimator) {
  const phase = { optimizer: sgd({ rate: 0.2 }), steps: 5000, tolerance: 1e-14 };
  return simulateOne({
    task: { name: 'one number', train: sample(problem.a), heldOut: sample(problem.b) },
    rule: contrastive({ estimator, free: phase, nudged: phase }),
    initial: { phi: 0.3, omega: problem.omega, lambda: problem.lambda },
    stride: 5000,
  });
}

const number = fc.double({ min: -2, max: 2, noNaN: true });
const problem = fc.record({
  a: number,
  b: number,
  omega: number,
  lambda: fc.double({ min: 0, max: 3, noNaN: true }),
});
const beta = fc.double({ min: 0.05, max: 0.5, noNaN: true });

/** phi is right to about 1e-15 (rounding of a residual of about 1, over a curvature of 2); a contrast divides by beta. */
const tolerance = 1e-10;

describe('one synapse', () => {
  it('settles where the closed form says, for any nudge', async () => {
    await fc.assert(
      fc.asyncProperty(problem, beta, async (given, nudge) => {
        const { equilibria } = await simulation(given, symmetric(nudge)).estimate();
        for (const strength of [0, nudge, -nudge]) {
          expect(Math.abs(equilibria.get(strength)![0]! - equilibrium(given, strength))).toBeLessThan(
            tolerance,
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(weights)('gets the %s estimate of the closed form', async (_name, make, alphas) => {
    await fc.assert(
      fc.asyncProperty(problem, beta, async (given, nudge) => {
        const { metaGradient } = await simulation(given, make(nudge)).estimate();
        for (const variable of ['omega', 'lambda'] as const) {
          const expected = Object.entries(alphas).reduce(
            (sum, [i, alpha]) =>
              sum + (alpha / nudge) * slope(given, equilibrium(given, Number(i) * nudge))[variable],
            0,
          );
          expect(Math.abs(metaGradient[variable]![0]! - expected)).toBeLessThan(tolerance);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has the exact gradient of the closed form', async () => {
    await fc.assert(
      fc.asyncProperty(problem, async (given) => {
        const opened = simulation(given, forward(0.1));
        const { metaGradient } = await implicitGradient({
          network: oneSynapse,
          session: await opened.open(),
          train: sample(given.a),
          heldOut: sample(given.b),
          phi: Float64Array.of(equilibrium(given, 0)),
          slow: { omega: Float64Array.of(given.omega), lambda: Float64Array.of(given.lambda) },
        });
        for (const variable of ['omega', 'lambda'] as const) {
          expect(Math.abs(metaGradient[variable]![0]! - exactly(given)[variable])).toBeLessThan(tolerance);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('whose lambda is 0 gets no gradient for omega, and one for lambda', async () => {
    const given = { a: 1, b: -0.5, omega: 0.25, lambda: 0 };
    const { metaGradient } = await simulation(given, forward(0.1)).estimate();
    expect(metaGradient.omega![0]! + 0).toBe(0);
    // First order in beta, with a factor of about 1.
    expect(Math.abs(metaGradient.lambda![0]! - exactly(given).lambda)).toBeLessThan(0.5);
    expect(exactly(given).lambda).toBe(-(2 * 1.5 * 0.75) / 2);
  });
});
