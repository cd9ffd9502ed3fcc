import { erf } from 'mathjs';
import { fillNormal } from '../../src/core/normal-numbers';
import { RandomStreams } from '../../src/core/random';

const drawn = (count: number, seed = 1, name = 'noise'): Float64Array => {
  const values = new Float64Array(count);
  fillNormal(values, new RandomStreams(seed).stream(name));
  return values;
};

const count = 400_000;
const below = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

describe('normal numbers', () => {
  it('are distributed as the normal distribution says, by Kolmogorov and Smirnov', () => {
    const sorted = drawn(count).sort();
    let distance = 0;
    for (let i = 0; i < count; i++) {
      const expected = below(sorted[i]!);
      distance = Math.max(distance, Math.abs(expected - i / count), Math.abs(expected - (i + 1) / count));
    }
    // Passed by all but one in 10,000 fair generators.
    expect(distance * Math.sqrt(count)).toBeLessThan(2.23);
  });

  it('lie as often beyond the ziggurat, on each side, as they should', () => {
    const values = drawn(count, 2);
    for (const edge of [2, 3, 3.442619855899, 4]) {
      const expected = count * below(-edge);
      for (const sign of [-1, 1]) {
        const found = values.filter((value) => sign * value > edge).length;
        expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected));
      }
    }
  });

  it('do not depend on each other, nor on those of another stream', () => {
    const [a, b] = [drawn(count, 3), drawn(count, 3, 'other noise')];
    const products = (of: Float64Array, and: Float64Array, lag: number): number =>
      of.reduce((sum, value, i) => sum + value * and[(i + lag) % count]!, 0) / Math.sqrt(count);
    for (const lag of [1, 2, 3, 128]) expect(Math.abs(products(a, a, lag))).toBeLessThan(4);
    expect(Math.abs(products(a, b, 0))).toBeLessThan(4);
  });

  it('are the same for the same stream, and go on with it', () => {
    expect(drawn(1000)).toEqual(drawn(1000));
    const stream = new RandomStreams(1).stream('noise');
    const [first, second, third] = [0, 1, 2].map(() => new Float64Array(10)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    fillNormal(first, stream);
    const state = stream.save();
    fillNormal(second, stream);
    stream.restore(state);
    fillNormal(third, stream);
    expect(third).toEqual(second);
    expect(second).not.toEqual(first);
  });
});
