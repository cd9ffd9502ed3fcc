import fc from 'fast-check';
import { fitLinearRange } from './power-law';

const sizes = [1e3, 1e4, 1e5, 1e6, 1e7];
const measured = (value: (size: number) => number) => sizes.map((size) => ({ size, value: value(size) }));

describe('the slope of growth', () => {
  it('is that of a power law near 1, whatever its factor', () => {
    const slope = fc.double({ min: 0.75, max: 1.25, noNaN: true });
    const factor = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(slope, factor, (power, times) => {
        const fit = fitLinearRange(measured((size) => times * size ** power))!;
        // Logarithms of float64 and a least-squares solution of five rows: some 1e-14 each.
        expect(fit.slope).toBeCloseTo(power, 10);
        expect(fit.factor / times).toBeCloseTo(1, 9);
        expect([fit.from, fit.to]).toEqual([1e3, 1e7]);
      }),
    );
  });

  it('leaves out small sizes, where a fixed cost hides it', () => {
    const fit = fitLinearRange(measured((size) => 5e4 + size))!;
    expect([fit.from, fit.to]).toEqual([1e5, 1e7]);
  });

  it('leaves out large sizes, where something else sets in', () => {
    const fit = fitLinearRange(measured((size) => (size > 1e6 ? 100 * size : size)))!;
    expect([fit.from, fit.to, fit.slope]).toEqual([1e3, 1e6, expect.closeTo(1, 10)]);
  });

  it('does not depend on the order in which sizes were measured', () => {
    const points = measured((size) => 3e4 + size);
    expect(fitLinearRange([...points].reverse())).toEqual(fitLinearRange(points));
  });

  it.each([
    ['it is quadratic', (size: number) => size ** 2],
    ['it does not depend on the size', () => 7],
    ['only the last two sizes are linear', (size: number) => Math.max(size, 1e6)],
  ])('is not given where %s', (_, value) => {
    expect(fitLinearRange(measured(value))).toBeNull();
  });
});
