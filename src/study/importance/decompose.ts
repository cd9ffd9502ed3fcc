import type { RegressionTree } from './regression-tree';

/**
 * How likely each place on an axis is: `levels` are equally likely values 0, 1, ..., n - 1; else the axis goes evenly from 0 to 1.
 */
export interface Axis {
  readonly levels: number | null;
}

/** The variance of a tree over its axes, and the parts of it that single axes and pairs of axes explain. */
export interface Decomposition {
  readonly variance: number;
  /** [axes] */
  readonly single: readonly number[];
  /** Of each pair, what it explains beyond its two axes. */
  readonly pairs: readonly { readonly axes: readonly [number, number]; readonly variance: number }[];
}

interface Leaf {
  readonly value: number;
  /** From and to, by axis. */
  readonly box: readonly (readonly [number, number])[];
  /** How likely it is, by axis. */
  readonly mass: readonly number[];
}

/**
 * The functional analysis of variance of a tree (Hutter, Hoos and Leyton-Brown 2014), exact over its leaves: with the tree's mean f0 and the marginal
 * means a_j(x_j), axis j explains the variance of a_j, and the pair j, k that of a_jk less those of a_j and a_k.
 */
export function decompose(tree: RegressionTree, axes: readonly Axis[]): Decomposition {
  const leaves = leavesOf(
    tree,
    axes,
    axes.map(() => [-Infinity, Infinity]),
  );
  const total = (leaf: Leaf) => leaf.mass.reduce((product, mass) => product * mass, 1);
  const mean = leaves.reduce((sum, leaf) => sum + total(leaf) * leaf.value, 0);
  const variance = leaves.reduce((sum, leaf) => sum + total(leaf) * (leaf.value - mean) ** 2, 0);
  const of = (chosen: readonly number[]) => marginalVariance(leaves, axes, chosen, mean);
  const single = axes.map((_, j) => of([j]));
  const pairs = axes.flatMap((_, j) =>
    axes.slice(j + 1).map((__, offset) => {
      const k = j + 1 + offset;
      return {
        axes: [j, k] as const,
        variance: Math.max(0, of([j, k]) - single[j]! - single[k]!),
      };
    }),
  );
  return { variance, single, pairs };
}

function leavesOf(
  tree: RegressionTree,
  axes: readonly Axis[],
  box: readonly (readonly [number, number])[],
): Leaf[] {
  if ('value' in tree)
    return [{ value: tree.value, box, mass: box.map(([from, to], j) => massOf(axes[j]!, from, to)) }];
  const { axis, at } = tree;
  const [from, to] = box[axis]!;
  return [
    ...leavesOf(tree.below, axes, box.with(axis, [from, Math.min(to, at)])),
    ...leavesOf(tree.above, axes, box.with(axis, [Math.max(from, at), to])),
  ];
}

/** The probability of a stretch of an axis, its lower end included. */
function massOf({ levels }: Axis, from: number, to: number): number {
  if (levels === null) return Math.max(0, Math.min(1, to) - Math.max(0, from));
  const first = Math.max(0, Math.ceil(from));
  const end = Math.min(levels, Math.ceil(to));
  return Math.max(0, end - first) / levels;
}

/** The variance of the mean over all axes but the chosen ones. */
function marginalVariance(
  leaves: readonly Leaf[],
  axes: readonly Axis[],
  chosen: readonly number[],
  mean: number,
): number {
  const stretches = chosen.map((axis) => stretchesOf(leaves, axis));
  const rest = leaves.map(({ mass }) =>
    mass.reduce((product, each, axis) => (chosen.includes(axis) ? product : product * each), 1),
  );
  let variance = 0;
  const visit = (depth: number, inside: readonly number[], mass: number): void => {
    if (inside.length === 0 || mass === 0) return;
    if (depth === chosen.length) {
      const marginal = inside.reduce((sum, i) => sum + rest[i]! * leaves[i]!.value, 0);
      variance += mass * (marginal - mean) ** 2;
      return;
    }
    const axis = chosen[depth]!;
    for (const [from, to] of stretches[depth]!) {
      const within = inside.filter((i) => leaves[i]!.box[axis]![0] <= from && leaves[i]!.box[axis]![1] >= to);
      visit(depth + 1, within, mass * massOf(axes[axis]!, from, to));
    }
  };
  visit(
    0,
    leaves.map((_, i) => i),
    1,
  );
  return variance;
}

/** Between two neighbouring ends of boxes. */
function stretchesOf(leaves: readonly Leaf[], axis: number): [number, number][] {
  const ends = [...new Set(leaves.flatMap(({ box }) => [...box[axis]!]))].sort((a, b) => a - b);
  return ends.slice(1).map((end, i) => [ends[i]!, end]);
}
