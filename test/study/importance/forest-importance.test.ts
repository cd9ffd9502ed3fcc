import fc from 'fast-check';
import { RandomStreams } from '../../../src/core/random';
import { type Axis, decompose } from '../../../src/study/importance/decompose';
import { forestImportance, importanceByChance } from '../../../src/study/importance/forest-importance';
import { growTree, predict, type RegressionTree } from '../../../src/study/importance/regression-tree';

const random = (seed: number) => new RandomStreams(seed).stream('test');
const even: Axis = { levels: null };

/** Points drawn evenly, and a function of them. */
function drawn(count: number, axes: number, f: (x: readonly number[]) => number, seed = 1) {
  const stream = random(seed);
  const points = Array.from({ length: count }, () => Array.from({ length: axes }, () => stream.uniform()));
  return { points, values: points.map(f) };
}

describe('the variance of a tree', () => {
  test('by hand: a step along one axis, and a corner of two', () => {
    // 0 below 1/4, else 4: mean 3, variance 3/16 * 16 = 3.
    const step: RegressionTree = { axis: 0, at: 0.25, below: { value: 0 }, above: { value: 4 } };
    expect(decompose(step, [even, even])).toEqual({
      variance: 3,
      single: [3, 0],
      pairs: [{ axes: [0, 1], variance: 0 }],
    });
    // 1 in one quarter of the square: mean 1/4, variance 3/16; each axis has marginals 0 and 1/2, variance 1/16; the rest is theirs together.
    const corner: RegressionTree = {
      ...{ axis: 0, at: 0.5, below: { value: 0 } },
      above: { axis: 1, at: 0.5, below: { value: 0 }, above: { value: 1 } },
    };
    expect(decompose(corner, [even, even])).toEqual({
      variance: 3 / 16,
      single: [1 / 16, 1 / 16],
      pairs: [{ axes: [0, 1], variance: 1 / 16 }],
    });
    // Of levels 0, 1, 2, two lie below 1.5: mean 1, variance 2.
    const levels: RegressionTree = { axis: 0, at: 1.5, below: { value: 0 }, above: { value: 3 } };
    expect(decompose(levels, [{ levels: 3 }]).single[0]).toBeCloseTo(2, 12);
  });

  test('is what adding up all combinations of levels says', () => {
    const sizes = [2, 3, 4];
    const axes = sizes.map((levels) => ({ levels }));
    const cells = sizes.reduce<number[][]>(
      (all, size) => all.flatMap((cell) => Array.from({ length: size }, (_, i) => [...cell, i])),
      [[]],
    );
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 24, maxLength: 24 }),
        fc.nat(99),
        (values, seed) => {
          const tree = growTree(
            cells,
            values,
            cells.map((_, i) => i),
            random(seed),
          );
          const all = cells.map((cell) => predict(tree, cell));
          const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
          const f0 = mean(all);
          const of = (chosen: readonly number[]) =>
            mean(
              cells.map((cell) => {
                const like = all.filter((_, i) => chosen.every((axis) => cells[i]![axis] === cell[axis]));
                return (mean(like) - f0) ** 2;
              }),
            );
          const { variance, single, pairs } = decompose(tree, axes);
          expect(variance).toBeCloseTo(of([0, 1, 2]), 9);
          for (const axis of [0, 1, 2]) expect(single[axis]).toBeCloseTo(of([axis]), 9);
          for (const {
            axes: [j, k],
            variance: together,
          } of pairs)
            expect(together).toBeCloseTo(Math.max(0, of([j, k]) - of([j]) - of([k])), 9);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe('what a number depends on', () => {
  test('f = 3a + b: nine tenths of the variance are a’s, one b’s, and c’s are no more than chance', () => {
    const { points, values } = drawn(100, 3, ([a, b]) => 3 * a! + b!);
    const axes = [even, even, even];
    const { single, predicted } = forestImportance(points, values, axes);
    const [a, b, c] = single.map(({ share }) => share);
    expect(a).toBeGreaterThan(0.8);
    expect(a).toBeLessThan(0.97);
    expect(b).toBeGreaterThan(0.03);
    expect(b).toBeLessThan(0.15);
    expect(c).toBeLessThan(0.02);
    expect(predicted).toBeGreaterThan(0.8);
    const chance = importanceByChance(points, values, axes);
    expect(a).toBeGreaterThan(chance[0]!);
    expect(c).toBeLessThan(chance[2]!);
  });

  test('f = (a - 1/2)(b - 1/2): neither alone, both together', () => {
    const { points, values } = drawn(400, 3, ([a, b]) => (a! - 0.5) * (b! - 0.5));
    const { single, pairs } = forestImportance(points, values, [even, even, even]);
    const together = Object.fromEntries(pairs.map(({ axes, share }) => [axes.join(), share]));
    expect(together['0,1']).toBeGreaterThan(0.5);
    for (const { share } of single) expect(share).toBeLessThan(0.2);
    expect(together['0,2']! + together['1,2']!).toBeLessThan(0.15);
  });

  test('of noise nothing is predicted, and of a constant nothing explained', () => {
    const noise = random(9);
    const { points } = drawn(60, 2, () => 0);
    const values = points.map(() => noise.normal());
    expect(forestImportance(points, values, [even, even]).predicted).toBeLessThan(0.15);
    const constant = forestImportance(
      points,
      points.map(() => 5),
      [even, even],
    );
    expect(constant.single.map(({ share }) => share)).toEqual([0, 0]);
    expect(constant.predicted).toBe(0);
  });

  test('noise is seldom taken for more than chance: in no more than 4 of 20 settings that matter nothing', () => {
    let mistaken = 0;
    for (let i = 0; i < 10; i++) {
      const noise = random(100 + i);
      const { points } = drawn(40, 2, () => 0, 200 + i);
      const values = points.map(() => noise.normal());
      const chance = importanceByChance(points, values, [even, even], i + 1);
      const { single } = forestImportance(points, values, [even, even], i + 1);
      mistaken += single.filter(({ share }, axis) => share > chance[axis]!).length;
    }
    expect(mistaken).toBeLessThanOrEqual(4);
  });
});
