import { type RandomStream, RandomStreams } from '../../core/random';
import { type Axis, decompose } from './decompose';
import { growTree, predict } from './regression-tree';

/** Parts of the variance that a forest has over its axes, from 0 to 1: means over its trees. */
export interface ForestImportance {
  /** [axes], each with its standard deviation over the trees. */
  readonly single: readonly { readonly share: number; readonly deviation: number }[];
  readonly pairs: readonly { readonly axes: readonly [number, number]; readonly share: number }[];
  /** What of the samples' variance the forest predicts, each sample by the trees that have not seen it; at or below 0: nothing. */
  readonly predicted: number;
}

const trees = 64;

/**
 * Which axes a number depends on: random forests and their functional analysis of variance.
 * @param points [samples][axes]
 */
export function forestImportance(
  points: readonly (readonly number[])[],
  values: readonly number[],
  axes: readonly Axis[],
  seed = 1,
): ForestImportance {
  return ofForest(points, values, axes, new RandomStreams(seed).stream('importance'));
}

/**
 * What each axis would be taken to explain though it explained nothing: of forests for values in random order, the share that 19 of 20 do not exceed.
 * @returns [axes]
 */
export function importanceByChance(
  points: readonly (readonly number[])[],
  values: readonly number[],
  axes: readonly Axis[],
  seed = 1,
): number[] {
  const random = new RandomStreams(seed).stream('importance by chance');
  const shares = Array.from({ length: shuffles }, () => {
    const order = random.permutation(values.length);
    const shuffled = values.map((_, i) => values[order[i]!]!);
    return ofForest(points, shuffled, axes, random).single.map(({ share }) => share);
  });
  return axes.map((_, axis) => {
    const sorted = shares.map((each) => each[axis]!).sort((a, b) => a - b);
    return sorted[Math.ceil(0.95 * shuffles) - 1]!;
  });
}

const shuffles = 20;

function ofForest(
  points: readonly (readonly number[])[],
  values: readonly number[],
  axes: readonly Axis[],
  random: RandomStream,
): ForestImportance {
  const unseen = values.map(() => ({ sum: 0, count: 0 }));
  const parts = Array.from({ length: trees }, () => {
    const samples = values.map(() => random.integer(values.length));
    const tree = growTree(points, values, samples, random);
    const seen = new Set(samples);
    unseen.forEach((one, i) => {
      if (seen.has(i)) return;
      one.sum += predict(tree, points[i]!);
      one.count++;
    });
    return decompose(tree, axes);
  });
  // A tree without a split explains nothing by anything.
  const shares = (of: (part: (typeof parts)[number]) => number) =>
    parts.map((part) => (part.variance > 0 ? of(part) / part.variance : 0));
  return {
    single: axes.map((_, axis) => {
      const all = shares(({ single }) => single[axis]!);
      return { share: meanOf(all), deviation: deviationOf(all) };
    }),
    pairs: parts[0]!.pairs.map((pair, i) => ({
      axes: pair.axes,
      share: meanOf(shares(({ pairs }) => pairs[i]!.variance)),
    })),
    predicted: predictedPart(values, unseen),
  };
}

function predictedPart(
  values: readonly number[],
  unseen: readonly { readonly sum: number; readonly count: number }[],
): number {
  const told = values.flatMap((value, i) => {
    const { sum, count } = unseen[i]!;
    return count === 0 ? [] : [{ value, by: sum / count }];
  });
  const mean = meanOf(told.map(({ value }) => value));
  const around = told.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return around === 0 ? 0 : 1 - told.reduce((sum, { value, by }) => sum + (value - by) ** 2, 0) / around;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
