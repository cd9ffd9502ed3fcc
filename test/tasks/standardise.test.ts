import fc from 'fast-check';
import type { Batch } from '../../src/data/batch';
import { standardiser } from '../../src/tasks/standardise';
import { randomSamples } from './samples';

function statistics(values: Float64Array, columns: number): { mean: number; variance: number }[] {
  return Array.from({ length: columns }, (_, c) => {
    const column = values.filter((_, i) => i % columns === c);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return { mean, variance: column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length };
  });
}

const withColumn = (batch: Batch, value: number): Batch => ({
  ...batch,
  x: batch.x.map((other, i) => (i % batch.inputs === 0 ? value : other)),
});

describe('a standardised training batch', () => {
  it('has mean 0 and variance 1 in every column', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.string(),
        (n, inputs, seed) => {
          const batch = randomSamples(n, inputs, seed);
          const { x, y } = standardiser(batch)(batch);
          for (const { mean, variance } of [...statistics(x, inputs), ...statistics(y, 1)]) {
            // Rounding of some tens of additions of numbers near 1; a column whose spread is small beside its mean loses more.
            expect(Math.abs(mean)).toBeLessThan(1e-10);
            expect(Math.abs(variance - 1)).toBeLessThan(1e-10);
          }
        },
      ),
    );
  });

  it('has the form of the one given, which stays as it was', () => {
    const batch = randomSamples(5, 3, 'form');
    const copy = structuredClone(batch);
    const { samples, inputs, targets } = standardiser(batch)(batch);
    expect([samples, inputs, targets]).toEqual([5, 3, 1]);
    expect(batch).toEqual(copy);
  });

  it('is the same whatever unit and origin its columns were measured in', () => {
    const batch = randomSamples(30, 2, 'units');
    const other = {
      ...batch,
      x: batch.x.map((value) => 1000 * value - 7),
      y: batch.y.map((value) => value / 3),
    };
    const [a, b] = [standardiser(batch)(batch), standardiser(other)(other)];
    // Rounding of values up to 1e3 relative to a spread of 1e3.
    a.x.forEach((value, i) => {
      expect(b.x[i]).toBeCloseTo(value, 10);
    });
    a.y.forEach((value, i) => {
      expect(b.y[i]).toBeCloseTo(value, 10);
    });
  });
});

describe('another batch', () => {
  it('is standardised by the statistics of the training batch, not its own', () => {
    const train: Batch = {
      samples: 2,
      inputs: 1,
      targets: 1,
      x: Float64Array.of(1, 5),
      y: Float64Array.of(10, 30),
    };
    const other: Batch = { ...train, x: Float64Array.of(3, 9), y: Float64Array.of(40, 20) };
    // Training mean 3 and deviation 2, mean 20 and deviation 10.
    expect(standardiser(train)(other)).toEqual({
      ...other,
      x: Float64Array.of(0, 3),
      y: Float64Array.of(2, 0),
    });
  });
});

describe('a column that is constant in the training batch', () => {
  it('becomes exactly 0 there, whatever the constant', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 400 }),
        (value, samples) => {
          const batch = withColumn(randomSamples(samples, 2, 'constant'), value);
          const { x } = standardiser(batch)(batch);
          expect(x.filter((_, i) => i % 2 === 0).every((entry) => entry === 0)).toBe(true);
        },
      ),
    );
  });

  it('is centred in another batch, and not blown up by what rounding left of its variance', () => {
    const train = withColumn(randomSamples(354, 2, 'constant'), 0.1);
    const { x } = standardiser(train)(withColumn(train, 0.6));
    // 0.6 - 0.1, within the rounding of a mean of 354 numbers.
    expect(x[0]).toBeCloseTo(0.5, 12);
  });
});
