import { InputError } from '../../core/errors';
import { type RandomStream, RandomStreams } from '../../core/random';
import type { Axis } from './axis';
import { mostTrials } from './most-trials';

/** Values of the settings that are swept, by path. */
export type SweptSettings = Readonly<Record<string, unknown>>;

/** How many of a space are tried, and the seed by which they are drawn. */
export interface Samples {
  readonly count: number;
  readonly seed: number;
}

/**
 * What is tried of a space. Without samples, every combination of its values, the last axis first. With samples, so many: combinations of values
 * without repetition, or, where there is a distribution too, as evenly as they go; and a number of each distribution with each.
 * @throws InputError where there is a distribution and no samples, more samples than combinations, or too many.
 */
export function drawSettings(axes: readonly Axis[], samples: Samples | null): SweptSettings[] {
  const drawn = axes.filter((axis) => !('values' in axis));
  const cells = axes.reduce((count, axis) => count * ('values' in axis ? axis.values.length : 1), 1);
  if (samples === null) {
    if (drawn.length > 0)
      throw new InputError({
        what: `${drawn[0]!.path} (--sweep) is drawn at random, and how often is not said`,
        got: drawn[0]!.as,
        legal: '--samples COUNT beside it',
      });
    checkCount(cells);
    return Array.from({ length: cells }, (_, cell) => combination(axes, cell));
  }
  const { count, seed } = samples;
  checkCount(count);
  if (drawn.length === 0 && count > cells)
    throw new InputError({
      what: 'There are not so many combinations to draw (--samples)',
      got: count,
      legal: `1 to ${cells}`,
      advice: `Leave out --samples for all ${cells}`,
    });
  const random = new RandomStreams(seed);
  const numbers = drawn.map(({ path }) => random.stream(`study/${path}`));
  const chosen = chooseCells(random.stream('study'), cells, count);
  return chosen.map((cell) => {
    const settings: Record<string, unknown> = { ...combination(axes, cell) };
    drawn.forEach((axis, i) => {
      if (!('values' in axis)) settings[axis.path] = drawNumber(axis, numbers[i]!);
    });
    // In the order of the axes, whatever kind each is.
    return Object.fromEntries(axes.map(({ path }) => [path, settings[path]]));
  });
}

/** The combination of values of this number; the last axis changes first. */
function combination(axes: readonly Axis[], cell: number): SweptSettings {
  let rest = cell;
  const entries = axes.toReversed().flatMap((axis): [string, unknown][] => {
    if (!('values' in axis)) return [];
    const value = axis.values[rest % axis.values.length];
    rest = Math.floor(rest / axis.values.length);
    return [[axis.path, value]];
  });
  return Object.fromEntries(entries.reverse());
}

/** So many of the cells, none a second time before each was taken once. */
function chooseCells(random: RandomStream, cells: number, count: number): number[] {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const left = count - chosen.length;
    // Of very many cells few are drawn: then it is enough to draw again what was drawn before.
    if (cells > 10 * mostTrials) {
      const before = new Set<number>();
      while (before.size < left) before.add(Math.floor(random.uniform() * cells));
      chosen.push(...before);
    } else chosen.push(...random.permutation(cells).slice(0, left));
  }
  return chosen;
}

function drawNumber(axis: Extract<Axis, { low: number }>, random: RandomStream): number {
  const { kind, low, high } = axis;
  if (kind === 'uniform') return random.uniformBetween(low, high);
  const drawn = Math.exp(random.uniformBetween(Math.log(low), Math.log(high)));
  return Math.min(high, Math.max(low, drawn));
}

/** @throws InputError where there are more than a study may have. */
export function checkCount(trials: number): void {
  if (trials <= mostTrials) return;
  throw new InputError({
    what: 'The study would have too many trials',
    got: trials,
    legal: `${mostTrials} at most`,
    advice: 'Draw some of them: --samples 1000',
  });
}
