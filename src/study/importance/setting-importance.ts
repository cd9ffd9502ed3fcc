import { compareValues } from '../search/decisions/verdict';
import { coordinatesOf } from './coordinates';
import { forestImportance, importanceByChance } from './forest-importance';

/** A trial, for what its settings have to do with its value. */
export interface Tried {
  readonly seed: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** null where it failed, or its value is no finite number: worse than every other. */
  readonly value: number | null;
}

/** How much of what tells trials apart each setting explains. */
export interface SettingImportance {
  readonly trials: number;
  /** Those that have no number. */
  readonly without: number;
  /** The most important first: the part of the variance that a setting explains by itself, its deviation over trees, and what it would be by chance. */
  readonly settings: readonly {
    readonly path: string;
    readonly share: number;
    readonly deviation: number;
    readonly byChance: number;
  }[];
  /** What two settings explain beyond each by itself, the most first. */
  readonly pairs: readonly { readonly paths: readonly [string, string]; readonly share: number }[];
  /** What of the variance is predicted for trials that were not seen; near 0, nothing of the above means anything. */
  readonly predicted: number;
}

const fewestTrials = 10;

/**
 * What values depend on. They are taken by their ranks among those of the same seed, so that a few that came near to diverging do not decide everything.
 * @param paths Settings that were varied.
 * @returns null where there are fewer than 10 trials, or no setting has two values.
 */
export function settingImportance(
  trials: readonly Tried[],
  paths: readonly string[],
  better: 'lower' | 'higher',
): SettingImportance | null {
  const coordinates = paths
    .map((path) =>
      coordinatesOf(
        path,
        trials.map(({ settings }) => settings[path]),
      ),
    )
    .filter(({ levels }) => levels !== 1);
  if (trials.length < fewestTrials || coordinates.length === 0) return null;
  const points = trials.map((_, i) => coordinates.map(({ places }) => places[i]!));
  const values = ranksOf(trials, better);
  const { single, pairs, predicted } = forestImportance(points, values, coordinates);
  const chance = importanceByChance(points, values, coordinates);
  const settings = coordinates.map(({ path }, axis) => ({ path, ...single[axis]!, byChance: chance[axis]! }));
  const named = pairs.map(({ axes: [j, k], share }) => ({
    paths: [coordinates[j]!.path, coordinates[k]!.path] as const,
    share,
  }));
  return {
    trials: trials.length,
    without: trials.filter(({ value }) => value === null).length,
    settings: settings.sort((a, b) => b.share - a.share),
    pairs: named.sort((a, b) => b.share - a.share),
    predicted,
  };
}

/** The rank of each among those of its seed, from 0 for the best to 1; equals have their mean rank. */
function ranksOf(trials: readonly Tried[], better: 'lower' | 'higher'): number[] {
  return trials.map(({ seed, value }) => {
    const others = trials
      .filter((trial) => trial.seed === seed)
      .map((trial) => compareValues(trial.value, value, better));
    const before = others.filter((order) => order < 0).length;
    const equal = others.filter((order) => order === 0).length - 1;
    return others.length === 1 ? 0.5 : (before + equal / 2) / (others.length - 1);
  });
}
