import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { checkShape, formatShape, sameShape, sizeOf } from '../../src/core/shape';

const shape = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 });

describe('a shape', () => {
  it('holds as many entries as the product of its axes', () => {
    expect([sizeOf([20, 13]), sizeOf([5]), sizeOf([])]).toEqual([260, 5, 1]);
  });

  it('has the size of its parts multiplied', () => {
    fc.assert(fc.property(shape, shape, (a, b) => sizeOf([...a, ...b]) === sizeOf(a) * sizeOf(b)));
  });

  it('prints as its axes with x between', () => {
    expect([formatShape([3, 28, 28]), formatShape([7]), formatShape([])]).toEqual(['3x28x28', '7', 'scalar']);
  });

  it('is the same as another only axis by axis', () => {
    fc.assert(fc.property(shape, shape, (a, b) => sameShape(a, b) === (formatShape(a) === formatShape(b))));
    expect(sameShape([2, 3], [3, 2])).toBe(false);
    expect(sameShape([6], [6, 1])).toBe(false);
  });

  it.each([[[0]], [[3, -1]], [[2.5]], [[Number.NaN]], [[Infinity]]])('with axes %p is refused', (axes) => {
    expect(() => checkShape('input', axes)).toThrow(InputError);
    expect(() => checkShape('input', axes)).toThrow(/input, axis \d must be a whole number/);
  });

  it('comes back from its check', () => {
    const given = [2, 3];
    expect(checkShape('input', given)).toBe(given);
  });
});
