import { dot } from '../../src/core/dot';

test('the inner product is the sum of products, and 0 for empty vectors', () => {
  expect(dot(Float64Array.of(1, 2, -3), Float64Array.of(4, 0.5, 2))).toBe(-1);
  expect(dot(new Float64Array(0), new Float64Array(0))).toBe(0);
});
