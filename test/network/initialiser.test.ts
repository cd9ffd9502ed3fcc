import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { type Initialiser, initialise } from '../../src/network/initialiser';

const drawn = (initialiser: Initialiser, fanIn: number, stream = new RandomStream('init', 'seed')) => {
  const values = new Float64Array(20000).fill(Number.NaN);
  initialise(values, initialiser, fanIn, stream);
  return values;
};

describe('an initialiser', () => {
  it.each([
    ['zeros', 0],
    ['ones', 1],
  ] as const)('called %s gives the same number everywhere, and draws none', (initialiser, value) => {
    const stream = new RandomStream('init', 'seed');
    expect(new Set(drawn(initialiser, 5, stream))).toEqual(new Set([value]));
    expect(stream.uniform()).toBe(new RandomStream('init', 'seed').uniform());
  });

  it.each([
    ['uniform-fan-in', 1 / Math.sqrt(25)],
    ['kaiming-uniform', Math.sqrt(6 / 25)],
  ] as const)('called %s is uniform up to its bound', (initialiser, bound) => {
    const values = drawn(initialiser, 25);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound);
    // Of n uniform numbers: standard error of the mean bound/sqrt(3n) = 0.0041 bound, and of the variance
    // bound^2 sqrt(4/45/n) = 0.0021 bound^2. Five of each.
    expect(Math.abs(mean)).toBeLessThan(0.021 * bound);
    expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThan(0.011 * bound ** 2);
  });

  it('that is not there is refused, with the nearest', () => {
    expect(() => drawn('kaiming-unifrom' as Initialiser, 5)).toThrow(InputError);
    expect(() => drawn('kaiming-unifrom' as Initialiser, 5)).toThrow(/Did you mean "kaiming-uniform"\?/);
  });
});
