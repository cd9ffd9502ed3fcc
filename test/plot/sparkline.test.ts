import fc from 'fast-check';
import { perCharacter, sparkline } from '../../src/plot/sparkline';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });
const width = fc.integer({ min: 1, max: 80 });

describe('a sparkline', () => {
  it('is no wider than it may be, and has a character for each stretch of values', () => {
    fc.assert(
      fc.property(values, width, (given, most) => {
        const line = sparkline(given, most);
        expect([...line].length).toBe(Math.ceil(given.length / perCharacter(given.length, most)));
        expect([...line].length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('rises where values rise', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 80 }),
        (given) => {
          const line = [
            ...sparkline(
              [...given].sort((a, b) => a - b),
              80,
            ),
          ];
          expect(line).toEqual([...line].sort());
          expect([line[0], line.at(-1)]).toEqual(['▁', '█']);
        },
      ),
    );
  });

  it('shows the mean of each stretch', () => {
    expect(sparkline([0, 2, 10, 10, 5, 7], 3)).toBe('▁█▅');
  });

  it('has one height for values that are the same, and blanks for those that are not finite', () => {
    expect(sparkline([3, 3, 3], 10)).toBe('▅▅▅');
    expect(sparkline([0, Number.NaN, 1, Infinity], 10)).toBe('▁ █ ');
    expect(sparkline([], 10)).toBe('');
  });
});
