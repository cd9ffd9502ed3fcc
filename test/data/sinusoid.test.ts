import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';

const draw = (options = {}) => sinusoids(options).sample(new RandomStream('tasks', 'seed'))!;

describe('a sinusoid task', () => {
  it('has ten points to learn from and ten held out, unless told otherwise', () => {
    const { train, heldOut } = draw();
    expect([train.samples, heldOut.samples]).toEqual([10, 10]);
    expect(draw({ support: 3, query: 7 }).heldOut.samples).toBe(7);
  });

  it('has all its points on one curve, amplitude sin(x - phase)', () => {
    const { train, heldOut } = draw({ amplitude: [2, 2], phase: [0.5, 0.5] });
    for (const { x, y } of [train, heldOut]) {
      x.forEach((value, i) => {
        expect(y[i]).toBe(2 * Math.sin(value - 0.5));
      });
    }
  });

  it('lies within the published ranges', () => {
    const stream = new RandomStream('tasks', 'seed');
    const source = sinusoids({ support: 200 });
    let largest = 0;
    for (let i = 0; i < 200; i++) {
      const { x, y } = source.sample(stream)!.train;
      expect(Math.max(...x.map(Math.abs))).toBeLessThanOrEqual(5);
      largest = Math.max(largest, ...y.map(Math.abs));
    }
    expect(largest).toBeLessThanOrEqual(5);
    expect(largest).toBeGreaterThan(4.5); // 200 amplitudes all below 4.5 have probability 0.9^200 = 7e-10
  });

  it('is the same for the same state of the stream', () => {
    expect(draw()).toEqual(draw());
  });

  it.each([{ support: 0 }, { query: 1.5 }, { range: [5, -5] }, { phase: [0, Number.NaN] }])(
    'refuses %j',
    (options) => {
      expect(() => sinusoids(options as never)).toThrow(InputError);
    },
  );
});
