import fc from 'fast-check';
import { meanInterval } from '../../src/core/interval';

describe('the mean with its 95 % confidence interval', () => {
  it('is 1.96 standard errors wide on each side', () => {
    // Variance over n - 1 of 1, 2, 3, 4 is 5/3; the standard error is sqrt(5/3/4).
    const { mean, halfWidth } = meanInterval([1, 2, 3, 4]);
    expect(mean).toBe(2.5);
    expect(halfWidth).toBeCloseTo(1.959964 * Math.sqrt(5 / 12), 12);
  });

  it('has no width where all values are one', () => {
    expect(meanInterval([3, 3, 3])).toEqual({ mean: 3, halfWidth: 0 });
  });

  it.each([
    ['one value alone', [3], { mean: 3, halfWidth: Number.NaN }],
    ['no value', [], { mean: Number.NaN, halfWidth: Number.NaN }],
    ['a value that is not finite', [1, Infinity], { mean: Number.NaN, halfWidth: Number.NaN }],
  ])('says NaN for what cannot be known: %s', (_, values, expected) => {
    expect(meanInterval(values)).toEqual(expected);
  });

  it('moves with the values and grows with their scale', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (v, shift, scale) => {
          const [before, after] = [meanInterval(v), meanInterval(v.map((value) => scale * value + shift))];
          // Sums of at most 50 whole numbers below 1e4, then one root: a few roundings.
          expect(after.mean).toBeCloseTo(scale * before.mean + shift, 9);
          expect(after.halfWidth).toBeCloseTo(scale * before.halfWidth, 8);
        },
      ),
    );
  });
});
