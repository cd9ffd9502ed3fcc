import fc from 'fast-check';
import { agreement } from '../../../src/theory/trust/agreement';

const vector = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 3 })
  .filter((values) => values.some((value) => value !== 0))
  .map((values) => Float64Array.from(values));

/** Some roundings of numbers of about 1. */
const roundings = 1e-14;

describe('two estimates of one gradient', () => {
  it('agree in full where they are the same', () => {
    fc.assert(
      fc.property(vector, (estimate) => {
        const { cosine, normRatio, difference } = agreement(estimate, estimate);
        expect(Math.abs(cosine - 1)).toBeLessThan(roundings);
        expect([normRatio, difference]).toEqual([1, 0]);
      }),
    );
  });

  it('obey the law of cosines', () => {
    fc.assert(
      fc.property(vector, vector, (estimate, other) => {
        const { cosine, normRatio, difference } = agreement(estimate, other);
        const squared = 1 + normRatio ** 2 - 2 * normRatio * cosine;
        expect(Math.abs(difference ** 2 - squared)).toBeLessThan(roundings * (1 + normRatio ** 2));
      }),
    );
  });

  it('are compared as well where their entries are tiny', () => {
    const tiny = [Float64Array.of(3e-200, 0), Float64Array.of(3e-200, 4e-200)] as const;
    const { cosine, normRatio, difference } = agreement(...tiny);
    expect(cosine).toBeCloseTo(0.6, 14);
    expect(normRatio).toBeCloseTo(5 / 3, 14);
    expect(difference).toBeCloseTo(4 / 3, 14);
  });
});

describe('an estimate of 0', () => {
  const [zero, some] = [new Float64Array(2), Float64Array.of(1, 0)];

  it('agrees with another one of 0', () => {
    expect(agreement(zero, zero)).toEqual({ cosine: 1, normRatio: 1, difference: 0 });
  });

  it('and one that is not 0 do not agree at all', () => {
    expect(agreement(zero, some)).toEqual({ cosine: 0, normRatio: Infinity, difference: Infinity });
    expect(agreement(some, zero)).toEqual({ cosine: 0, normRatio: 0, difference: 1 });
  });
});
