import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import {
  augmentedCurvature,
  equilibrium,
  type QuadraticProblem,
  quadraticMetaGradient,
  quadraticProblem,
} from '../../src/theory/quadratic';
import { quadraticProblems } from './quadratic-problems';

/** One synapse: h = 2, lambda = 1, minima at 1 and -1, omega = 3. */
const one: QuadraticProblem = {
  curvature: Float64Array.of(2),
  trainMinimum: Float64Array.of(1),
  heldOutMinimum: Float64Array.of(-1),
  omega: Float64Array.of(3),
  lambda: 1,
};

const betas = fc.double({ min: -0.5, max: 20, noNaN: true });

describe('the equilibrium of a quadratic problem', () => {
  it('is worked out by hand for one synapse', () => {
    expect(equilibrium(one, 0)[0]).toBeCloseTo((2 * 1 + 1 * 3) / 3, 15); // a few roundings of numbers below 3
    expect(equilibrium(one, 0.5)[0]).toBeCloseTo((2 * 1 - 0.5 * 2 * 1 + 3) / 4, 15);
  });

  it('is where the gradient of the augmented loss vanishes', () => {
    fc.assert(
      fc.property(quadraticProblems, betas, (problem, beta) => {
        const { curvature, trainMinimum, heldOutMinimum, omega, lambda } = problem;
        equilibrium(problem, beta).forEach((phi, i) => {
          const h = curvature[i]!;
          const terms = [
            h * (phi - trainMinimum[i]!),
            beta * h * (phi - heldOutMinimum[i]!),
            lambda * (phi - omega[i]!),
          ];
          // Terms of up to 20 x 10 x 10, each with a few roundings.
          expect(Math.abs(terms.reduce((a, b) => a + b))).toBeLessThan(1e-11);
        });
      }),
    );
  });

  it('lies in a bowl whose curvature is between the smallest and the largest that is told', () => {
    expect(augmentedCurvature({ ...one, curvature: Float64Array.of(2, 0.5, 1) }, 0.5)).toEqual({
      smallest: 1.75,
      largest: 4,
    });
  });
});

describe('the exact meta-gradient of a quadratic problem', () => {
  it('is the change of the held-out loss when omega changes and phi settles anew', () => {
    const heldOut = (problem: QuadraticProblem): number =>
      equilibrium(problem, 0).reduce(
        (sum, phi, i) => sum + (problem.curvature[i]! * (phi - problem.heldOutMinimum[i]!) ** 2) / 2,
        0,
      );
    fc.assert(
      fc.property(quadraticProblems, (problem) => {
        const gradient = quadraticMetaGradient(problem);
        const moved = (i: number, shift: number) => {
          const omega = problem.omega.slice();
          omega[i]! += shift;
          return heldOut({ ...problem, omega });
        };
        gradient.forEach((value, i) => {
          // The loss is quadratic in omega, so that a central difference is exact but for rounding: 6 x 180 x 1e-16 / 0.1.
          expect(Math.abs((moved(i, 0.1) - moved(i, -0.1)) / 0.2 - value)).toBeLessThan(1e-11);
        });
      }),
    );
  });
});

describe('a quadratic problem is refused, with what is legal, where', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'it has no synapse',
      () => quadraticProblem({ ...one, curvature: new Float64Array(0) }),
      /number of synapses/,
    ],
    [
      'lengths differ',
      () => quadraticProblem({ ...one, omega: new Float64Array(2) }),
      /omega has the wrong length/,
    ],
    [
      'a curvature is 0',
      () => quadraticProblem({ ...one, curvature: Float64Array.of(0) }),
      /curvature\[0\] must be above 0/,
    ],
    [
      'a minimum is no number',
      () => quadraticProblem({ ...one, trainMinimum: Float64Array.of(Number.NaN) }),
      /trainMinimum\[0\]/,
    ],
    ['lambda is negative', () => quadraticProblem({ ...one, lambda: -1 }), /lambda .*must be above 0/],
    ['beta leaves no minimum', () => equilibrium(one, -1.5), /no minimum.*Got -1\.5\. Legal: beta > -1\.5/],
    ['beta is infinite', () => equilibrium(one, Number.POSITIVE_INFINITY), /beta must be a finite number/],
  ])('%s', (_name, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });

  it('and taken where nothing is wrong', () => {
    expect(quadraticProblem(one)).toBe(one);
  });
});
