import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import {
  type BoundConstants,
  corollaryBound,
  errorBound,
  optimalBeta,
  optimalBound,
  type PhaseErrors,
} from '../../src/theory/bound';

const ones: BoundConstants = { inner: 1, outer: 1, curvature: 1 };

/** From 1e-4 to 1e4, spread evenly over the orders of magnitude. */
const magnitude = fc.double({ min: -4, max: 4, noNaN: true }).map((exponent) => 10 ** exponent);
const constants = fc.record({ inner: magnitude, outer: magnitude, curvature: magnitude });

/** Constants, and phase errors for which beta* exists: delta + delta' is `share` of C / B_in. */
const solvable = fc
  .record({
    constants,
    share: fc.double({ min: 1e-9, max: 0.999, noNaN: true }),
    ofFree: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ constants: given, share, ofFree }) => {
    const distance = (share * given.curvature) / given.inner;
    return { constants: given, errors: { free: ofFree * distance, nudged: (1 - ofFree) * distance } };
  });

/** The bound grows with |log beta - log beta*|, so the best of a grid lies within one of its steps of beta*. */
function bestOnGrid(
  given: BoundConstants,
  errors: PhaseErrors,
  step: number,
): { beta: number; bound: number } {
  let best = { beta: Number.NaN, bound: Number.POSITIVE_INFINITY };
  for (let exponent = -8; exponent <= 8; exponent += step) {
    const beta = 10 ** exponent;
    const bound = errorBound(given, errors, beta);
    if (bound < best.bound) best = { beta, bound };
  }
  return best;
}

describe('the bound of Theorem 2', () => {
  it('is the sum of its three terms', () => {
    // 2 (0.01 + 0.02) / 0.1 + 3 0.02 + 5 0.1 / 1.1, by hand.
    const bound = errorBound({ inner: 2, outer: 3, curvature: 5 }, { free: 0.01, nudged: 0.02 }, 0.1);
    expect(bound).toBeCloseTo(0.6 + 0.06 + 0.5 / 1.1, 14); // three roundings of numbers below 2
  });

  it('never falls when a phase ends farther from its minimum', () => {
    fc.assert(
      fc.property(solvable, magnitude, magnitude, ({ constants: given, errors }, beta, farther) => {
        const bound = errorBound(given, errors, beta);
        const moved = (change: Partial<PhaseErrors>) => errorBound(given, { ...errors, ...change }, beta);
        expect(moved({ free: errors.free + farther })).toBeGreaterThanOrEqual(bound);
        expect(moved({ nudged: errors.nudged + farther })).toBeGreaterThanOrEqual(bound);
      }),
    );
  });
});

describe('the best nudging strength of Corollary 1', () => {
  it('is where the bound is smallest on a fine grid', () => {
    // Between the ends of the grid, and where the optimum is not so flat that rounding hides it.
    for (const distance of [1e-8, 1e-6, 1e-4, 1e-2, 0.1, 0.5, 0.9]) {
      const errors = { free: distance / 4, nudged: (3 * distance) / 4 };
      const step = 1e-3;
      const best = bestOnGrid(ones, errors, step);
      const beta = optimalBeta(ones, errors);
      expect(Math.abs(Math.log10(best.beta / beta))).toBeLessThan(step);
      // Within a step the bound is above its minimum by less than (step ln 10)^2 times its largest term.
      expect(best.bound / optimalBound(ones, errors) - 1).toBeLessThan((step * Math.log(10)) ** 2);
    }
  });

  it('gives the optimal value, and no other beta gives a smaller one', () => {
    fc.assert(
      fc.property(solvable, magnitude, ({ constants: given, errors }, factor) => {
        const best = optimalBeta(given, errors);
        const value = optimalBound(given, errors);
        const rounding = 1e-12 * value; // sums of positive terms; 1 - share keeps 3 digits at least
        expect(Math.abs(errorBound(given, errors, best) - value)).toBeLessThan(rounding);
        expect(errorBound(given, errors, best * factor)).toBeGreaterThan(value - rounding);
      }),
    );
  });

  it('shrinks, as the bound does, with the square root of the phases’ errors', () => {
    const at = (delta: number) => ({ free: delta, nudged: delta });
    for (const of of [
      optimalBeta,
      (c: BoundConstants, e: PhaseErrors) => optimalBound({ ...c, outer: 0 }, e),
    ]) {
      const slope = Math.log10(of(ones, at(1e-8)) / of(ones, at(1e-10))) / 2;
      expect(Math.abs(slope - 0.5)).toBeLessThan(1e-4); // the next order's share is sqrt(2e-8)
    }
  });
});

describe('the looser bound that the corollary states', () => {
  it('is above the optimum by B_in (delta + delta’)', () => {
    fc.assert(
      fc.property(solvable, ({ constants: given, errors }) => {
        const gap = corollaryBound(given, errors) - optimalBound(given, errors);
        const expected = given.inner * (errors.free + errors.nudged);
        // A difference of two numbers, each with a few roundings.
        expect(Math.abs(gap - expected)).toBeLessThan(1e-14 * corollaryBound(given, errors));
      }),
    );
  });
});

describe('there is no best nudging strength', () => {
  it('where the phases are exact, and the bound then falls with beta to the end', () => {
    const exact = { free: 0, nudged: 0 };
    for (const of of [optimalBeta, optimalBound, corollaryBound]) {
      expect(() => of(ones, exact)).toThrow(InputError);
      expect(() => of(ones, exact)).toThrow(
        /exact phases.*Got 0\. Legal: 0 < delta \+ delta' < C \/ B_in = 1/,
      );
    }
    fc.assert(
      fc.property(constants, magnitude, (given, beta) => {
        expect(errorBound(given, exact, beta / 2)).toBeLessThan(errorBound(given, exact, beta));
      }),
    );
  });

  it('where the phases are off by C / B_in or more, and the bound then falls as long as beta grows', () => {
    const limit = { free: 0.5, nudged: 0.5 };
    for (const of of [optimalBeta, optimalBound, corollaryBound]) {
      expect(() => of(ones, limit)).toThrow(InputError);
      expect(() => of(ones, limit)).toThrow(/too inexact for any beta.*Got 1\..*more steps/);
    }
    fc.assert(
      fc.property(
        constants,
        magnitude,
        fc.double({ min: 1.01, max: 9, noNaN: true }),
        (given, beta, times) => {
          const errors = { free: (times * given.curvature) / given.inner, nudged: 0 };
          expect(errorBound(given, errors, 2 * beta)).toBeLessThan(errorBound(given, errors, beta));
        },
      ),
    );
  });
});

describe('the bound is refused, with what is legal, where', () => {
  const errors = { free: 0.01, nudged: 0.01 };
  it.each<[string, () => unknown, RegExp]>([
    ['beta is 0', () => errorBound(ones, errors, 0), /beta must be above 0.*Got 0/],
    ['beta is negative', () => errorBound(ones, errors, -0.1), /beta must be above 0/],
    ['beta is not a number', () => errorBound(ones, errors, Number.NaN), /beta must be a finite number/],
    ['B_in is 0', () => optimalBeta({ ...ones, inner: 0 }, errors), /B_in must be above 0/],
    ['B_out is negative', () => optimalBound({ ...ones, outer: -1 }, errors), /B_out must not be negative/],
    ['C is 0', () => corollaryBound({ ...ones, curvature: 0 }, errors), /C must be above 0/],
    ['delta is negative', () => optimalBeta(ones, { ...errors, free: -1 }), /delta must not be negative/],
    [
      "delta' is infinite",
      () => errorBound(ones, { free: 0, nudged: Infinity }, 1),
      /delta' must be a finite/,
    ],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(InputError);
    expect(call).toThrow(message);
  });
});
