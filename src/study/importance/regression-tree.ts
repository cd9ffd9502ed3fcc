import type { RandomStream } from '../../core/random';

/** A tree that predicts a number from coordinates; leaves are boxes. */
export type RegressionTree =
  | { readonly value: number }
  | {
      readonly axis: number;
      /** Below it lies the one side, from it on the other. */
      readonly at: number;
      readonly below: RegressionTree;
      readonly above: RegressionTree;
    };

/** Samples that a leaf has at the least. */
const leastInLeaf = 3;
/** Of the axes, the part that each split may choose from, as Hutter et al. 2014. */
const triedAxes = 5 / 6;

/**
 * Grows a tree by the splits that lower the sum of squares the most (Breiman et al. 1984).
 * @param points [samples][axes]
 * @param samples Which of them to learn from; one may come several times.
 */
export function growTree(
  points: readonly (readonly number[])[],
  values: readonly number[],
  samples: readonly number[],
  random: RandomStream,
): RegressionTree {
  const value = samples.reduce((sum, i) => sum + values[i]!, 0) / samples.length;
  const split = samples.length < 2 * leastInLeaf ? null : bestSplit(points, values, samples, random);
  if (split === null) return { value };
  const { axis, at } = split;
  const below = samples.filter((i) => points[i]![axis]! < at);
  const above = samples.filter((i) => points[i]![axis]! >= at);
  return {
    ...split,
    below: growTree(points, values, below, random),
    above: growTree(points, values, above, random),
  };
}

export function predict(tree: RegressionTree, point: readonly number[]): number {
  let node = tree;
  while (!('value' in node)) node = point[node.axis]! < node.at ? node.below : node.above;
  return node.value;
}

function bestSplit(
  points: readonly (readonly number[])[],
  values: readonly number[],
  samples: readonly number[],
  random: RandomStream,
): { axis: number; at: number } | null {
  const axes = points[0]!.length;
  const tried = random.permutation(axes).slice(0, Math.ceil(axes * triedAxes));
  const total = samples.reduce((sum, i) => sum + values[i]!, 0);
  // What a split explains must be more than rounding.
  let [best, gain]: [{ axis: number; at: number } | null, number] = [
    null,
    total ** 2 / samples.length + 1e-12 * samples.length,
  ];
  for (const axis of tried) {
    const ordered = samples.toSorted((a, b) => points[a]![axis]! - points[b]![axis]!);
    let sum = 0;
    for (let count = 1; count <= ordered.length - leastInLeaf; count++) {
      sum += values[ordered[count - 1]!]!;
      const [left, right] = [points[ordered[count - 1]!]![axis]!, points[ordered[count]!]![axis]!];
      if (count < leastInLeaf || left === right) continue;
      const explained = sum ** 2 / count + (total - sum) ** 2 / (ordered.length - count);
      if (explained > gain) [best, gain] = [{ axis, at: (left + right) / 2 }, explained];
    }
  }
  return best;
}
