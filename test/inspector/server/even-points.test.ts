import fc from 'fast-check';
import { EvenPoints } from '../../../src/inspector/server/metrics/even-points';

test('points thinned evenly are every k-th of all and the last, though more were added than are kept', () => {
  const counts = fc.tuple(fc.integer({ min: 1, max: 80_000 }), fc.integer({ min: 3, max: 20_000 }));
  fc.assert(
    fc.property(counts, ([count, most]) => {
      const points = new EvenPoints();
      for (let i = 0; i < count; i++) points.add(i, -i);
      const { x, y } = points.thinned(most);
      const k = x.length > 2 ? x[1]! : 1;
      expect(x.length).toBeLessThanOrEqual(most);
      expect(Number.isInteger(Math.log2(k))).toBe(true);
      expect(x.slice(0, -1).every((step, i) => step === i * k)).toBe(true);
      expect([x.at(-1), y.every((value, i) => value === -x[i]!)]).toEqual([count - 1, true]);
      // With half of k there would be too many.
      if (k > 1) expect(Math.ceil((2 * count) / k)).toBeGreaterThan(most - 1);
    }),
    { numRuns: 40 },
  );
});
