import type { Group } from './group-runs';
import { canonical } from './settings';

/** A setting by which rows differ, with those that have another value just where it has one. */
export interface Varying {
  readonly path: string;
  readonly together: readonly string[];
}

/** The settings that tell rows apart; those that vary together are one of them. */
export function varyingTogether(groups: readonly Group[], paths: readonly string[]): Varying[] {
  const found = new Map<string, { path: string; together: string[] }>();
  for (const path of paths) {
    const seen = new Map<string, number>();
    const pattern = groups.map(({ settings }) => {
      const value = canonical(settings.get(path));
      if (!seen.has(value)) seen.set(value, seen.size);
      return seen.get(value);
    });
    const key = pattern.join(',');
    const first = found.get(key);
    if (first === undefined) found.set(key, { path, together: [] });
    else first.together.push(path);
  }
  return [...found.values()].map(({ path, together }) => called([path, ...together], groups));
}

/** Called by what is read most easily: a number, then a word, then the rest; what is of the command line last. */
function called(paths: readonly string[], groups: readonly Group[]): Varying {
  const rank = (path: string): number => {
    const kinds = groups.map(({ settings }) => typeof settings.get(path));
    const kind = [['number'], ['number', 'string', 'boolean']].findIndex((legal) =>
      kinds.every((each) => legal.includes(each)),
    );
    return (kind < 0 ? 2 : kind) + (path.startsWith('--') ? 3 : 0);
  };
  const [path, ...together] = paths
    .map((each) => [each, rank(each)] as const)
    .sort(([, a], [, b]) => a - b)
    .map(([each]) => each);
  return { path: path!, together };
}
