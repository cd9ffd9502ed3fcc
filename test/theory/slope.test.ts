import { InputError } from '../../src/core/errors';
import { power, slope } from '../../src/theory/slope';

it('a line has its slope', () => {
  expect(slope([1, 2, 3], [5, 3, 1])).toBe(-2); // whole numbers throughout: nothing is rounded
});

it('points around a line have the slope of the least squares', () => {
  expect(slope([0, 1, 2], [0, 3, 2])).toBeCloseTo(1, 15); // by hand: (-1 (-5/3) + 1 (1/3)) / 2
});

it('a power law has its power', () => {
  const x = [0.01, 0.1, 1, 10];
  expect(
    power(
      x,
      x.map((value) => 7 * value ** 1.5),
    ),
  ).toBeCloseTo(1.5, 12); // logarithms of numbers below 1e3
});

it('points that do not differ in x have none', () => {
  for (const x of [[1], [2, 2], []]) expect(() => slope(x, x)).toThrow(InputError);
});
