import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { extremeEigenvalues, type Product } from '../../src/baselines/lanczos';
import { InputError, MetaplastError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';

const products =
  (matrix: Matrix): Product =>
  async (vector) =>
    Float64Array.from(matrix.mmul(Matrix.columnVector([...vector])).to1DArray());

const stream = (name: string) => new RandomStream(name, `lanczos/${name}`);

/** Q diag(values) Q' for a random rotation Q. */
function symmetric(values: readonly number[], random: RandomStream): Matrix {
  const drawn = values.map(() => values.map(() => random.normal()));
  const rotation = new EigenvalueDecomposition(new Matrix(drawn).add(new Matrix(drawn).transpose()), {
    assumeSymmetric: true,
  }).eigenvectorMatrix;
  return rotation.mmul(Matrix.diag([...values])).mmul(rotation.transpose());
}

/** Some hundred roundings of the largest eigenvalue: both methods make as many. */
const roundings = 1e-12;

/**
 * Both extremes, each with what a start may leave of it: a start that leans on its eigenvectors by a small part only (a
 * random one does, now and then) shows it once residuals are below that part of the gap, and stops before.
 */
function truth(matrix: Matrix, start: Matrix): { value: number; tolerance: number }[] {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const rounding = roundings * Math.max(...realEigenvalues.map(Math.abs), 1e-300);
  const parts = eigenvectorMatrix.transpose().mmul(start).div(start.norm()).to1DArray();
  return [Math.min(...realEigenvalues), Math.max(...realEigenvalues)].map((value) => {
    const leaning = Math.hypot(...parts.filter((_, i) => Math.abs(realEigenvalues[i]! - value) <= rounding));
    return { value, tolerance: rounding / leaning };
  });
}

async function expectExtremes(matrix: Matrix, name: string): Promise<void> {
  const found = await extremeEigenvalues(products(matrix), {
    ...{ size: matrix.rows, random: stream(name), tolerance: 1e-13 },
  });
  const random = stream(name);
  const start = Matrix.columnVector(Array.from({ length: matrix.rows }, () => random.normal()));
  const [smallest, largest] = truth(matrix, start);
  expect(Math.abs(found.smallest.value - smallest!.value)).toBeLessThanOrEqual(smallest!.tolerance);
  expect(Math.abs(found.largest.value - largest!.value)).toBeLessThanOrEqual(largest!.tolerance);
}

describe('the extreme eigenvalues by Lanczos are those of a full decomposition', () => {
  /** Whole multiples, so that none lies near the smallest float64. */
  const value = fc.integer({ min: -1e7, max: 1e7 }).map((millionths) => millionths / 1e6);
  const repeated = fc
    .tuple(fc.array(value, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 5 }))
    .map(([values, times]) => values.flatMap((each) => Array<number>(times).fill(each)));
  const clustered = fc
    .tuple(value, fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 12 }))
    .map(([centre, offsets]) => offsets.map((offset) => centre + offset / 1e9));
  const seeds = fc.integer({ min: 0, max: 1e6 });

  it.each([
    ['random', fc.array(value, { minLength: 1, maxLength: 12 })],
    ['repeated', repeated],
    ['clustered', clustered],
  ])('for %s eigenvalues', async (name, spectra) => {
    await fc.assert(
      fc.asyncProperty(spectra, seeds, async (values, seed) => {
        await expectExtremes(symmetric(values, stream(`${name} ${seed}`)), `start ${seed}`);
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 60])('for a random matrix of size %d', async (size) => {
    const random = stream(`size ${size}`);
    const values = Array.from({ length: size }, () => random.normal());
    await expectExtremes(symmetric(values, random), 'start');
  });

  it.each([
    ['zero matrix', Matrix.zeros(4, 4)],
    ['identity', Matrix.eye(5, 5)],
  ])('for the %s, in one step', async (_name, matrix) => {
    await expectExtremes(matrix, 'start');
    const { steps } = await extremeEigenvalues(products(matrix), {
      size: matrix.rows,
      random: stream('one'),
    });
    expect(steps).toBe(1);
  });
});

describe('an eigenvalue found in fewer steps than the size', () => {
  const values = Array.from({ length: 60 }, (_, i) => 1 / (i + 1));
  const matrix = symmetric(values, stream('harmonic'));
  const found = (steps: number) =>
    extremeEigenvalues(products(matrix), { size: 60, random: stream('start'), steps });

  it.each([2, 5, 10, 20, 40])('has one within its residual, after %d steps', async (steps) => {
    const { smallest, largest } = await found(steps);
    for (const { value, residual } of [smallest, largest]) {
      const nearest = Math.min(...values.map((each) => Math.abs(each - value)));
      expect(nearest).toBeLessThanOrEqual(residual + roundings);
    }
  });

  it('is never outside of the spectrum', async () => {
    for (const steps of [1, 3, 9, 27]) {
      const { smallest, largest } = await found(steps);
      expect(smallest.value).toBeGreaterThanOrEqual(1 / 60 - roundings);
      expect(largest.value).toBeLessThanOrEqual(1 + roundings);
    }
  });

  it('has needed fewer products where less is asked of it', async () => {
    const rough = await extremeEigenvalues(products(matrix), {
      ...{ size: 60, random: stream('start'), tolerance: 0.1 },
    });
    const { residual, value } = rough.smallest;
    expect(residual).toBeLessThanOrEqual(0.1 * value);
    expect(rough.steps).toBeLessThan((await found(60)).steps);
  });
});

it('finds the one negative eigenvalue among many positive ones', async () => {
  const values = [-1e-3, ...Array.from({ length: 59 }, (_, i) => 0.01 + i)];
  const matrix = symmetric(values, stream('saddle'));
  const { smallest } = await extremeEigenvalues(products(matrix), { size: 60, random: stream('start') });
  expect(smallest.value).toBeCloseTo(-1e-3, 10); // 1e-12 of the largest, 58
});

it('gives the same bits for the same stream', async () => {
  const matrix = symmetric([1, 2, 3, 4], stream('bits'));
  const find = () => extremeEigenvalues(products(matrix), { size: 4, random: stream('start'), steps: 2 });
  expect(await find()).toEqual(await find());
});

describe('what is refused', () => {
  const random = stream('refused');

  it.each([{ size: 0 }, { size: 2, steps: 0 }, { size: 2, tolerance: 0 }])('is %p', async (options) => {
    const found = extremeEigenvalues(async (vector) => vector, { random, ...options });
    await expect(found).rejects.toThrow(InputError);
  });

  it('is a product of another length', async () => {
    const found = extremeEigenvalues(async () => new Float64Array(3), { size: 2, random });
    await expect(found).rejects.toThrow(/product has the wrong length. Got 3. Legal: 2 values/);
  });

  it('is a product that is not finite', async () => {
    const found = extremeEigenvalues(async () => Float64Array.of(1, Number.NaN), { size: 2, random });
    await expect(found).rejects.toThrow(MetaplastError);
    await expect(found).rejects.toThrow(/not finite, so it has no eigenvalues. Got NaN/);
  });
});
