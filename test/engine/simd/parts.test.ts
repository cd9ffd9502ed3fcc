import fc from 'fast-check';
import { cut } from '../../../src/engine/simd/passes/parts';

const sizes = fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 1_000_000 }));

describe('a batch cut for threads', () => {
  it('is covered by its parts without a gap or an overlap, in order', () => {
    fc.assert(
      fc.property(sizes, ([samples, parameters]) => {
        let next = 0;
        for (const part of cut(samples, parameters)) {
          expect(part.first).toBe(next);
          next += part.samples;
        }
        expect(next).toBe(samples);
      }),
    );
  });

  it('has parts of one size, give or take a sample, and as many as 1, 2, 4 or 8 threads share out evenly', () => {
    fc.assert(
      fc.property(sizes, ([samples, parameters]) => {
        const lengths = cut(samples, parameters).map((part) => part.samples);
        expect([1, 2, 4, 8]).toContain(lengths.length);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['Boston', 354, 301, 1],
    ['ten digits', 10, 466_698, 1],
    ['five hundred digits', 500, 466_698, 4],
    ['ten thousand samples of a small network', 10_000, 301, 2],
  ])('leaves small work whole, and cuts large work: %s', (_, samples, parameters, parts) => {
    expect(cut(samples, parameters)).toHaveLength(parts);
  });
});
