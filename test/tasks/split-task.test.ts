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

describe('a split three ways', () => {
  const three = (data: Batch, heldOut: number, test: number, seed = 'seed') =>
    splitTask(data, { name: 'split', heldOut, test, stream: new RandomStream('split', seed) });

  it('of Boston housing by 0.3 and 0.2 has 253 training, 152 held-out and 101 test samples', () => {
    const { train, heldOut, test } = three(boston(), 0.3, 0.2);
    expect([train.samples, heldOut.samples, test!.samples]).toEqual([253, 152, 101]);
  });

  it('puts every sample into exactly one part, each as large as its fraction says', () => {
    const fraction = fc.double({ min: 0.1, max: 0.4, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 60 }), fraction, fraction, (n, heldOut, test) => {
        // Inputs that are all different, and stay so when they are standardised, number the samples.
        const data = { ...randomSamples(n, 1, 'data'), x: Float64Array.from({ length: n }, (_, s) => s) };
        const task = three(data, heldOut, test, `${n}`);
        const all = [...task.train.x, ...task.heldOut.x, ...task.test!.x];
        expect(new Set(all).size).toBe(n);
        expect(all).toHaveLength(n);
        expect(task.heldOut.samples).toBe(Math.round(n * heldOut));
        expect(task.test!.samples).toBe(Math.round(n * test));
      }),
    );
  });

  it('standardises by the training samples alone: others in place of held-out and test samples change nothing', () => {
    const data = randomSamples(40, 2, 'data');
    const inTraining = trainingSamples(40, 0.3, 0.2);
    const changed = structuredClone(data);
    for (let sample = 0; sample < 40; sample++) {
      if (inTraining.has(sample)) continue;
      changed.x.fill(1e6 * (sample + 1), sample * 2, sample * 2 + 2);
      changed.y[sample] = -1e6;
    }
    const [a, b] = [three(data, 0.3, 0.2), three(changed, 0.3, 0.2)];
    expect(b.train).toEqual(a.train);
    expect(b.test).not.toEqual(a.test);
  });

  it('has no test data where none is asked for, and splits the rest as ever', () => {
    const [two, none] = [split(boston(), 0.3), three(boston(), 0.3, 0)];
    expect(none).toEqual(two);
    expect(two.test).toBeNull();
  });

  it('gives test data the same form and units as training data', () => {
    const data = randomSamples(50, 1, 'pairs');
    const { test } = three({ ...data, y: data.x.map((value) => 3 * value + 1) }, 0.3, 0.3);
    test!.x.forEach((value, s) => {
      expect(test!.y[s]).toBeCloseTo(value, 10);
    });
  });

  it.each([
    [0.5, 0.5],
    [0.7, 0.4],
    [0.3, 0.01],
  ])('is refused where a part would be empty: %p held out, %p for the test', (heldOut, test) => {
    const data = randomSamples(10, 2, 'data');
    expect(() => three(data, heldOut, test)).toThrow(InputError);
    expect(() => three(data, heldOut, test)).toThrow(
      /training, held-out and test data get one or more of 10 samples/,
    );
  });
});

describe('a split of classes', () => {
  const classes = (labels: number[], heldOut: number, test: number, seed = 'seed') => {
    const n = labels.length;
    const data = {
      ...{ samples: n, inputs: 1, targets: 1, x: Float64Array.from({ length: n }, (_, s) => s) },
      y: Float64Array.from(labels),
    };
    const stream = new RandomStream('split', seed);
    return splitTask(data, { name: 'classes', heldOut, test, targets: 'classes', stream });
  };
  const count = (batch: Batch | null, label: number) =>
    batch === null ? 0 : batch.y.filter((each) => each === label).length;
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 });
  const fraction = fc.double({ min: 0.05, max: 0.45, noNaN: true });

  it('gives each part its share of each class, within one sample, and every sample to one part', () => {
    fc.assert(
      fc.property(sizes, fraction, fraction, fc.string(), (of, heldOut, test, seed) => {
        const labels = of.flatMap((size, label) => new Array<number>(size).fill(label));
        fc.pre(labels.length >= 60);
        const task = classes(labels, heldOut, test, seed);
        of.forEach((size, label) => {
          const parts = [task.train, task.heldOut, task.test];
          const counts = parts.map((part) => count(part, label));
          expect(counts.reduce((a, b) => a + b)).toBe(size);
          [1 - heldOut - test, heldOut, test].forEach((share, i) => {
            expect(Math.abs(counts[i]! - size * share)).toBeLessThanOrEqual(1);
          });
        });
        const all = [...task.train.x, ...task.heldOut.x, ...task.test!.x];
        expect(new Set(all).size).toBe(labels.length);
        // Rounding does not add up over classes: a part is off by as many samples as there are parts, at the most.
        expect(Math.abs(task.test!.samples - labels.length * test)).toBeLessThanOrEqual(3);
        expect(Math.abs(task.heldOut.samples - labels.length * heldOut)).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('never standardises labels, but standardises inputs by the training samples', () => {
    const labels = Array.from({ length: 90 }, (_, s) => s % 3);
    const { train, heldOut, test } = classes(labels, 0.3, 0.2);
    for (const { y } of [train, heldOut, test!]) for (const label of y) expect([0, 1, 2]).toContain(label);
    expect(train.x.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
  });

  it('keeps each sample together with its label', () => {
    const labels = Array.from({ length: 60 }, (_, s) => (s < 20 ? 0 : 1));
    const { train, heldOut, test } = classes(labels, 0.3, 0.2);
    // Class 0 has the smaller inputs; standardising keeps their order.
    const samples = [train, heldOut, test!].flatMap(({ x, y }) => [...x].map((value, s) => [value, y[s]!]));
    const sorted = samples.sort((a, b) => a[0]! - b[0]!).map(([, label]) => label);
    expect(sorted).toEqual(labels);
  });

  it('puts each sample of a class into the test about equally often', () => {
    const times = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 500; seed++) {
      const { train, heldOut, test } = classes([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 0.2, 0.2, `${seed}`);
      const ranks = [...train.x, ...heldOut.x, ...test!.x].sort((a, b) => a - b);
      for (const value of test!.x) times[ranks.indexOf(value)]! += 1;
    }
    // 500 trials with probability 1/5: mean 100, standard deviation 8.9. Five of them.
    for (const count of times) expect(Math.abs(count - 100)).toBeLessThan(45);
  });

  it('is refused where a label is no class index, by its place', () => {
    expect(() => classes([0, 1, 1.5, 0, 1, 1], 0.3, 0)).toThrow(/y\[2\] is no class index. Got 1.5/);
    expect(() => classes([0, 1, -1, 0, 1, 1], 0.3, 0)).toThrow(InputError);
  });
});

/** Which of n samples are training data, found through targets that number them. */
function trainingSamples(n: number, heldOut: number, test: number): Set<number> {
  const data = { ...randomSamples(n, 2, 'data'), y: Float64Array.from({ length: n }, (_, s) => s) };
  const stream = new RandomStream('split', 'seed');
  const task = splitTask(data, { name: 'split', heldOut, test, stream });
  const ranks = [...task.train.y, ...task.heldOut.y, ...task.test!.y].sort((a, b) => a - b);
  return new Set([...task.train.y].map((value) => ranks.indexOf(value)));
}

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
