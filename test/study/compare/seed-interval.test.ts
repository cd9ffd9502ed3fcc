import fc from 'fast-check';
import { meanOf, seedInterval } from '../../../src/study/compare/seed-interval';

describe('the interval over seeds', () => {
  // Tables of Student's t, 97.5 %, by degrees of freedom; one and two have closed forms: tan(0.475 pi), and 0.95 sqrt(2 / (0.0975)) .
  it.each([
    [2, Math.tan(0.475 * Math.PI)],
    [3, 0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025))],
    [4, 3.182446305284263],
    [5, 2.7764451051977987],
    [10, 2.2621571627409915],
    [30, 2.045229642132703],
  ])('of %d seeds is so many standard errors wide on each side as Student’s t says', (seeds, quantile) => {
    const values = Array.from({ length: seeds }, (_, i) => i);
    // The variance over n - 1 of 0, ..., n - 1 is n (n + 1) / 12.
    const standardError = Math.sqrt((seeds + 1) / 12);
    const { mean, halfWidth } = seedInterval(values);
    expect(mean).toBe((seeds - 1) / 2);
    // jStat's quantiles are right to 4e-8 of themselves.
    expect(Math.abs(halfWidth! / (quantile * standardError) - 1)).toBeLessThan(1e-7);
  });

  it('is not known of one seed, which has its value for a mean', () => {
    expect(seedInterval([0.3])).toEqual({ seeds: 1, mean: 0.3, halfWidth: null });
  });

  it('has no width where all seeds have one value, which is the mean to the last bit', () => {
    expect(seedInterval([0.1, 0.1, 0.1])).toEqual({ seeds: 3, mean: 0.1, halfWidth: 0 });
  });

  it('is the same, to the last bit, in whatever order the values come', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, fc.infiniteStream(fc.nat()), (all, keys) => {
        const shuffled = all
          .map((value) => [keys.next().value as number, value] as const)
          .sort(([a], [b]) => a - b)
          .map(([, value]) => value);
        expect(seedInterval(shuffled)).toEqual(seedInterval(all));
      }),
    );
  });

  it('stays finite for numbers whose sum and squares do not', () => {
    expect(meanOf([1.5e308, 1.7e308])).toBeCloseTo(1.6e308, -300);
    expect(Number.isFinite(seedInterval([1e200, 3e200]).halfWidth)).toBe(true);
  });
});
