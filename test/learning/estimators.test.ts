import fc from 'fast-check';
import { create, lusolveDependencies } from 'mathjs';
import { InputError } from '../../src/core/errors';
import {
  type Estimator,
  estimatorNamed,
  forward,
  forwardCoefficients,
  nudgedLess,
  orderOf,
  pForward,
  symmetric,
} from '../../src/learning/estimators';

const { lusolve } = create({ ...lusolveDependencies });

/** The paper's table of alphas (Appendix D). */
const table: Record<number, number[]> = {
  2: [-1, 1],
  3: [-3 / 2, 2, -1 / 2],
  4: [-11 / 6, 3, -3 / 2, 1 / 3],
  5: [-25 / 12, 4, -3, 4 / 3, -1 / 4],
};

/** The estimate where the contrasted quantity is f(beta). */
const applied = ({ terms }: Estimator, f: (beta: number) => number): number =>
  terms.reduce(
    (sum, { nudged, reference, coefficient }) => sum + coefficient * (f(nudged) - f(reference)),
    0,
  );

describe('the coefficients of the p-forward estimator', () => {
  it.each(Object.entries(table))('are those of the paper for p = %s', (p, alphas) => {
    forwardCoefficients(Number(p)).forEach((alpha, i) => {
      // A quotient and a sum of a few small rationals: some roundings of numbers below 4.
      expect(Math.abs(alpha - alphas[i]!)).toBeLessThan(8 * 2 ** -53);
    });
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('solve the linear conditions for p = %i', (p) => {
    // Row k: sum over i of i^k alpha_i = (1 if k = 1, else 0), with 0^0 = 1.
    const powers = Array.from({ length: p }, (_, k) => Array.from({ length: p }, (_, i) => i ** k));
    const right = powers.map((_, k) => (k === 1 ? 1 : 0));
    const solution = (lusolve(powers, right) as number[][]).flat();
    forwardCoefficients(p).forEach((alpha, i) => {
      // The condition number of this Vandermonde matrix is below 1e8 for p = 8.
      expect(Math.abs(alpha - solution[i]!)).toBeLessThan(1e8 * 2 ** -53 * 10);
    });
  });

  it('sum to 0, so that nothing is contrasted with nothing', () => {
    for (let p = 2; p <= 12; p++) {
      const sum = forwardCoefficients(p).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum)).toBeLessThan(p * 500 * 2 ** -53); // the largest coefficient for p = 12 is about 80
    }
  });
});

describe('an estimator', () => {
  it('is the derivative at beta = 0, exactly, for polynomials of its order', () => {
    const orders: [Estimator, number][] = [
      [forward(0.5), 1],
      [symmetric(0.5), 2],
      ...[3, 4, 5, 6].map((p): [Estimator, number] => [pForward(p, 0.5), p - 1]),
    ];
    for (const [estimator, order] of orders) {
      const coefficients = fc.array(fc.integer({ min: -9, max: 9 }), {
        minLength: order + 1,
        maxLength: order + 1,
      });
      fc.assert(
        fc.property(coefficients, (polynomial) => {
          const f = (beta: number) => polynomial.reduce((sum, c, k) => sum + c * beta ** k, 0);
          // Values up to 9 x 3^5, coefficients up to 20, a few roundings each.
          expect(Math.abs(applied(estimator, f) - polynomial[1]!)).toBeLessThan(1e-9);
        }),
        { numRuns: 50 },
      );
    }
  });

  it('has an error of its order, and not a better one', () => {
    const error = (estimator: Estimator) => Math.abs(applied(estimator, Math.exp) - 1);
    const order = (make: (beta: number) => Estimator) => Math.log2(error(make(0.02)) / error(make(0.01)));
    // Next order's share at beta = 0.02: a few percent.
    expect(order(forward)).toBeCloseTo(1, 1);
    expect(order(symmetric)).toBeCloseTo(2, 1);
    for (const p of [3, 4, 5])
      expect(Math.abs(order((beta) => pForward(p, beta)) - (p - 1))).toBeLessThan(0.1);
  });

  it('names its nudged phases in the order that they run', () => {
    expect(forward(0.1).betas).toEqual([0.1]);
    expect(symmetric(0.1).betas).toEqual([0.1, -0.1]);
    expect(pForward(4, 0.25).betas).toEqual([0.25, 0.5, 0.75]);
    expect([forward(0.1), symmetric(0.1), pForward(4, 0.1)].map(({ name }) => name)).toEqual([
      'forward',
      'symmetric',
      'p4',
    ]);
  });

  it('contrasts only phases that it runs', () => {
    for (const { betas, terms } of [forward(0.3), symmetric(0.3), pForward(7, 0.3)]) {
      for (const { nudged, reference } of terms) {
        expect(betas).toContain(nudged);
        expect([0, ...betas]).toContain(reference);
      }
    }
  });

  it('forward is p-forward with p = 2', () => {
    expect(forward(0.2)).toEqual({ ...pForward(2, 0.2), name: 'forward' });
  });

  it('nudged by half as much is the same one at half the nudge', () => {
    for (const make of [forward, symmetric, (beta: number) => pForward(4, beta)]) {
      expect(nudgedLess(make(0.5), 2)).toEqual(make(0.25));
    }
  });

  it('knows its order', () => {
    expect([forward(0.3), forward(-2), symmetric(0.3)].map(orderOf)).toEqual([1, 1, 2]);
    for (let p = 2; p <= 12; p++) expect(orderOf(pForward(p, 0.7))).toBe(p - 1);
  });

  it('is found by its name', () => {
    expect(estimatorNamed('forward', 0.1)).toEqual(forward(0.1));
    expect(estimatorNamed('symmetric', 0.1)).toEqual(symmetric(0.1));
    expect(estimatorNamed('p3', 0.1)).toEqual(pForward(3, 0.1));
  });
});

describe('an estimator is refused with what is legal where', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['beta is 0', () => forward(0), /nothing to contrast.*Got 0.*Legal: beta above 0.*Try 0\.1/],
    ['beta is -0', () => symmetric(-0), /nothing to contrast/],
    ['beta is NaN', () => symmetric(Number.NaN), /beta must be a finite number.*Got NaN/],
    ['beta is infinite', () => pForward(3, Number.POSITIVE_INFINITY), /beta must be a finite number/],
    ['p is 1', () => pForward(1, 0.1), /free phase and one nudged phase.*Got 1.*Legal: p = 2, 3, 4/],
    ['p is 2.5', () => pForward(2.5, 0.1), /p must be a whole number.*Got 2\.5.*Legal: 2, 3/],
    ['p is NaN', () => forwardCoefficients(Number.NaN), /p must be a whole number/],
    [
      'its name is unknown',
      () => estimatorNamed('backward', 0.1),
      /Got "backward"\. Legal: forward, symmetric, p2/,
    ],
    ['its name has p = 1', () => estimatorNamed('p1', 0.1), /p = 2, 3, 4/],
  ])('%s', (_name, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
