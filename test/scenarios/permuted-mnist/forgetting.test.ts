import fc from 'fast-check';
import {
  type AccuracyMatrix,
  finalMean,
  forgettingByTask,
  meanForgetting,
  meansSoFar,
  overSeeds,
} from '../../../scenarios/permuted-mnist/forgetting';

const matrix: AccuracyMatrix = [[0.9], [0.95, 0.8], [0.5, 0.85, 0.7]];

test('forgetting, of three tasks by hand', () => {
  expect(meansSoFar(matrix)[1]).toBeCloseTo(0.875, 12);
  expect(finalMean(matrix)).toBeCloseTo(2.05 / 3, 12);
  // The first was best after the second; the second has gained from the third.
  expect(forgettingByTask(matrix)[0]).toBeCloseTo(0.45, 12);
  expect(forgettingByTask(matrix)[1]).toBeCloseTo(-0.05, 12);
  expect(forgettingByTask(matrix)).toHaveLength(2);
  expect(meanForgetting(matrix)).toBeCloseTo(0.2, 12);
});

test('one task alone is not forgotten', () => {
  expect(meanForgetting([[0.3]])).toBe(0);
  expect(finalMean([[0.3]])).toBe(0.3);
});

test('forgetting lies between -1 and 1, and is 0 or more where nothing is gained', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const matrices = fc
    .integer({ min: 2, max: 6 })
    .chain((tasks) =>
      fc.tuple(
        ...Array.from({ length: tasks }, (_, i) => fc.array(share, { minLength: i + 1, maxLength: i + 1 })),
      ),
    );
  fc.assert(
    fc.property(matrices, (drawn: number[][]) => {
      for (const lost of forgettingByTask(drawn)) expect(Math.abs(lost)).toBeLessThanOrEqual(1);
      const falling = drawn.map((row, after) =>
        row.map((_, task) => Math.min(...drawn.slice(task, after + 1).map((earlier) => earlier[task]!))),
      );
      for (const lost of forgettingByTask(falling)) expect(lost).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a mean over seeds has a standard error where there are several', () => {
  expect(overSeeds([1, 2, 3])).toEqual({ mean: 2, standardError: Math.sqrt(1 / 3) });
  expect(overSeeds([5])).toEqual({ mean: 5, standardError: null });
});
