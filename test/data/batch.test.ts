import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { type Batch, makeBatch, selectSamples } from '../../src/data/batch';

/** Sample s of this batch has the inputs 10s, 10s + 1 and the target s. */
const numbered = (samples: number): Batch => ({
  samples,
  inputs: 2,
  targets: 1,
  x: Float64Array.from({ length: samples * 2 }, (_, i) => 10 * Math.floor(i / 2) + (i % 2)),
  y: Float64Array.from({ length: samples }, (_, s) => s),
});

describe('a batch', () => {
  it('comes back from its check as it is', () => {
    const batch = numbered(3);
    expect(makeBatch('train', batch)).toBe(batch);
  });

  const pair = { samples: 2, inputs: 1, targets: 1, x: Float64Array.of(1, 2), y: Float64Array.of(3, 4) };
  it.each<[string, Partial<Batch>, RegExp]>([
    [
      'no samples',
      { samples: 0, x: new Float64Array(), y: new Float64Array() },
      /train\.samples .*whole number/,
    ],
    ['too few inputs', { x: Float64Array.of(1) }, /train\.x has the wrong length\. Got 1\. Legal: 2 values/],
    [
      'too many targets',
      { y: new Float64Array(3) },
      /train\.y has the wrong length\. Got 3\. Legal: 2 values/,
    ],
    ['NaN among its inputs', { x: Float64Array.of(1, Number.NaN) }, /train\.x\[1\] .*Got NaN.*impute/],
    ['an infinite target', { y: Float64Array.of(-Infinity, 0) }, /train\.y\[0\] .*Got -Infinity/],
    [
      'half an input a sample',
      { inputs: 1.5, x: new Float64Array(3) },
      /train\.inputs must be a whole number/,
    ],
    ['no inputs', { inputs: 0, x: new Float64Array() }, /train\.inputs must be a whole number/],
    ['no targets', { targets: 0, y: new Float64Array() }, /train\.targets must be a whole number/],
  ])('with %s is refused', (_, part, message) => {
    expect(() => makeBatch('train', { ...pair, ...part })).toThrow(InputError);
    expect(() => makeBatch('train', { ...pair, ...part })).toThrow(message);
  });
});

describe('selected samples', () => {
  it('are whole samples in the order asked for, as often as asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 12 }), (order) => {
        const { samples, x, y } = selectSamples(numbered(7), order);
        expect(samples).toBe(order.length);
        expect([...x]).toEqual(order.flatMap((s) => [10 * s, 10 * s + 1]));
        expect([...y]).toEqual(order);
      }),
    );
  });

  it('are copies', () => {
    const batch = numbered(2);
    selectSamples(batch, [0]).x.fill(99);
    expect(batch.x[0]).toBe(0);
  });

  it.each([[[0, 2]], [[-1]], [[0.5]], [[Number.NaN]]])(
    'at %p, which are not all in the batch, are refused',
    (order) => {
      expect(() => selectSamples(numbered(2), order)).toThrow(InputError);
    },
  );
});
