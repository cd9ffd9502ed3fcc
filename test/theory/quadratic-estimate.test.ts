import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { norm } from '../../src/core/norm';
import { RandomStreams } from '../../src/core/random';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { drawQuadratic } from '../../src/theory/draw-quadratic';
import { equilibrium, quadraticMetaGradient } from '../../src/theory/quadratic';
import {
  equilibriumEstimate,
  finiteDifferenceBounds,
  finiteDifferenceError,
  quadraticConstants,
} from '../../src/theory/quadratic-estimate';
import { quadraticProblems } from './quadratic-problems';

const estimators: [string, (beta: number) => Estimator][] = [
  ['forward', forward],
  ['symmetric', symmetric],
  ...[3, 4, 5, 6].map((p): [string, (beta: number) => Estimator] => [
    `p = ${p}`,
    (beta) => pForward(p, beta),
  ]),
];
const betas = fc.double({ min: 0.05, max: 0.9, noNaN: true });
const paper = drawQuadratic(new RandomStreams(1).stream('problem'), 0.3);

describe.each(estimators)('the closed form of the estimate by %s', (_name, of) => {
  it('is the contrast of the exact equilibria', () => {
    fc.assert(
      fc.property(quadraticProblems, betas, (problem, beta) => {
        const estimator = of(beta);
        const phi = (at: number) => equilibrium(problem, at);
        const closed = equilibriumEstimate(problem, estimator);
        closed.forEach((value, i) => {
          const contrast = estimator.terms.reduce(
            (sum, { nudged, reference, coefficient }) =>
              sum - coefficient * problem.lambda * (phi(nudged)[i]! - phi(reference)[i]!),
            0,
          );
          // Coefficients up to 10 / 0.05, lambda up to 10, phi up to 60 at beta = -0.9, rounded to 1e-16.
          expect(Math.abs(contrast - value)).toBeLessThan(1e-10);
        });
      }),
    );
  });

  it('differs from the meta-gradient by the finite difference’s error', () => {
    fc.assert(
      fc.property(quadraticProblems, betas, (problem, beta) => {
        const exact = quadraticMetaGradient(problem);
        const error = finiteDifferenceError(problem, of(beta));
        const tolerance = 1e-14 * norm(exact) * 20; // the missed share of `symmetric` is up to 0.81 / 0.19
        equilibriumEstimate(problem, of(beta)).forEach((value, i) => {
          expect(Math.abs(exact[i]! - value - error[i]!)).toBeLessThanOrEqual(tolerance);
        });
      }),
    );
  });
});

describe('the bounds of Eq. 8', () => {
  it('hold around the error of every forward estimator at every beta', () => {
    const positive = fc.double({ min: -6, max: 3, noNaN: true }).map((exponent) => 10 ** exponent);
    fc.assert(
      fc.property(quadraticProblems, positive, fc.integer({ min: 2, max: 6 }), (problem, beta, p) => {
        const scale = norm(quadraticMetaGradient(problem));
        fc.pre(scale > 1e-100);
        const error = norm(finiteDifferenceError(problem, pForward(p, beta))) / scale;
        const { lower, upper } = finiteDifferenceBounds(problem, pForward(p, beta));
        const rounding = 1e-13; // relative: some ten products and a norm
        expect(error).toBeGreaterThan(lower * (1 - rounding));
        expect(error).toBeLessThan(upper * (1 + rounding));
      }),
    );
  });

  it('are those of the paper for p = 2', () => {
    const { lower, upper } = finiteDifferenceBounds(paper, forward(0.1));
    expect(lower).toBeCloseTo((0.02 * 0.1) / (1.1 * 0.02 + 0.3), 15); // a few roundings of numbers below 1
    expect(upper).toBeCloseTo((1 * 0.1) / (1.1 * 1 + 0.3), 15);
  });

  it('are refused for a negative nudge', () => {
    expect(() => finiteDifferenceBounds(paper, symmetric(0.1))).toThrow(InputError);
    expect(() => finiteDifferenceBounds(paper, symmetric(0.1))).toThrow(/Got -0\.1.*forward and p-forward/);
  });
});

describe('the constants of Theorem 2', () => {
  it('bound the finite difference’s error by C beta / (1 + beta) at every beta', () => {
    fc.assert(
      fc.property(quadraticProblems, betas, (problem, beta) => {
        const { curvature } = quadraticConstants(problem);
        const error = norm(finiteDifferenceError(problem, forward(beta)));
        expect(error).toBeLessThanOrEqual((curvature * beta) / (1 + beta));
      }),
    );
  });

  it('are lambda, 0 and the norm of the meta-gradient', () => {
    expect(quadraticConstants(paper)).toEqual({
      inner: 0.3,
      outer: 0,
      curvature: norm(quadraticMetaGradient(paper)),
    });
  });
});

it('a nudge without a minimum has no estimate', () => {
  expect(() => equilibriumEstimate(paper, symmetric(1.5))).toThrow(/no minimum.*Got -1\.5/);
  expect(() => finiteDifferenceError(paper, symmetric(1.5))).toThrow(InputError);
});
