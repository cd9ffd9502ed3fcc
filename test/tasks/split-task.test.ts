import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import { boston } from '../../src/data/boston';
import { splitTask } from '../../src/tasks/split-task';
import { randomSamples } from './samples';

const split = (data: Batch, heldOut: number, seed = 'seed') =>
  splitTask(data, { name: 'split', heldOut, stream: new RandomStream('split', seed) });

/** Which samples of the data went where, found through their targets, which are all different. */
function places(data: Batch, heldOut: number, seed: string): { train: number[]; heldOut: number[] } {
  const numbered = { ...data, y: Float64Array.from({ length: data.samples }, (_, s) => s) };
  const task = split(numbered, heldOut, seed);
  // Standardising keeps the order of values, so ranks give the numbers back.
  const all = [...task.train.y, ...task.heldOut.y];
  const ranks = [...all].sort((a, b) => a - b);
  const number = (value: number): number => ranks.indexOf(value);
  return { train: [...task.train.y].map(number), heldOut: [...task.heldOut.y].map(number) };
}

describe('a split', () => {
  it('of Boston housing by 0.3 has 354 training and 152 held-out samples', () => {
    const { train, heldOut } = split(boston(), 0.3);
    expect([train.samples, heldOut.samples]).toEqual([354, 152]);
    expect([train.inputs, heldOut.inputs, train.targets, heldOut.targets]).toEqual([13, 13, 1, 1]);
  });

  it('neither loses nor doubles a sample', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 60 }),
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        (n, fraction) => {
          const { train, heldOut } = places(randomSamples(n, 2, 'data'), fraction, `${n}`);
          expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual(
            Array.from({ length: n }, (_, i) => i),
          );
          expect(heldOut.length).toBe(Math.round(n * fraction));
        },
      ),
    );
  });

  it('keeps each sample together with its target', () => {
    const data = randomSamples(50, 1, 'pairs');
    const task = split({ ...data, y: data.x.map((value) => 3 * value + 1) }, 0.4);
    // The target is an increasing affine function of the input, so both standardise to the same numbers.
    for (const { x, y } of [task.train, task.heldOut]) {
      x.forEach((value, s) => {
        expect(y[s]).toBeCloseTo(value, 10);
      });
    }
  });

  it('depends on the stream alone', () => {
    const data = randomSamples(30, 2, 'data');
    expect(split(data, 0.3, 'a')).toEqual(split(data, 0.3, 'a'));
    expect(places(data, 0.3, 'a')).not.toEqual(places(data, 0.3, 'b'));
  });

  it('holds out every sample about equally often', () => {
    const data = randomSamples(10, 1, 'data');
    const times = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 500; seed++) {
      for (const sample of places(data, 0.3, `${seed}`).heldOut) times[sample]! += 1;
    }
    // 500 trials with probability 0.3: mean 150, standard deviation 10.2. Five of them.
    for (const count of times) expect(Math.abs(count - 150)).toBeLessThan(52);
  });

  it('learns nothing from held-out samples: with others in their place, the training set is the same', () => {
    const data = randomSamples(40, 3, 'data');
    const { heldOut } = places(data, 0.3, 'seed');
    const changed = structuredClone(data);
    for (const sample of heldOut) {
      changed.x.fill(1e6 * (sample + 1), sample * 3, sample * 3 + 3);
      changed.y[sample] = -1e6;
    }
    const [a, b] = [split(data, 0.3), split(changed, 0.3)];
    expect(b.train).toEqual(a.train);
    expect(b.heldOut).not.toEqual(a.heldOut);
  });

  it('standardises the training columns to mean 0 and variance 1', () => {
    const { x, y } = split(boston(), 0.3).train;
    for (let c = 0; c <= 13; c++) {
      const column = c === 13 ? y : x.filter((_, i) => i % 13 === c);
      const mean = column.reduce((sum, value) => sum + value / 354, 0);
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2 / 354, 0);
      // Rounding of 354 additions.
      expect(Math.abs(mean)).toBeLessThan(1e-12);
      expect(Math.abs(variance - 1)).toBeLessThan(1e-12);
    }
  });

  it('leaves the data as they were', () => {
    const data = randomSamples(9, 2, 'data');
    const copy = structuredClone(data);
    split(data, 0.5);
    expect(data).toEqual(copy);
  });
});

describe('a split is refused', () => {
  const data = randomSamples(10, 2, 'data');
  it.each([0, 1, -0.1, 1.1, Number.NaN, Infinity, 0.01, 0.99])(
    'with the fraction %p of ten samples',
    (fraction) => {
      expect(() => split(data, fraction)).toThrow(InputError);
    },
  );

  it('with a text for a fraction', () => {
    expect(() => split(data, '0.3' as unknown as number)).toThrow(InputError);
  });

  it('with which fractions would do', () => {
    expect(() => split(data, 0.01)).toThrow(
      /Got 0\.01\. Legal: fractions that hold out 1 to 9 of 10 samples/,
    );
  });

  it('with one sample, which cannot be on both sides', () => {
    expect(() => split(randomSamples(1, 2, 'one'), 0.5)).toThrow(InputError);
  });

  it.each([Number.NaN, Infinity])('where the data hold %p, by its place in the data', (value) => {
    for (let sample = 0; sample < 10; sample++) {
      const broken = structuredClone(data);
      broken.x[2 * sample + 1] = value;
      expect(() => split(broken, 0.3)).toThrow(InputError);
      expect(() => split(broken, 0.3)).toThrow(`x[${2 * sample + 1}] must be a finite number`);
    }
  });
});
