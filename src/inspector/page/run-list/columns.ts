import type { Cell, RunRow } from '../../protocol/runs';
import { cellWords } from '../text/cell';
import { dateTime } from '../text/time';

/** A column of the table of runs. */
export interface Column {
  /** Identifies it, in the address too: `id`, `set:free.rate`, `got:heldOut.after`. */
  readonly key: string;
  /** As its head says. */
  readonly name: string;
  readonly of: (row: RunRow) => Cell;
  readonly words: (value: Cell) => string;
}

export const setting = (path: string): Column => ({
  key: `set:${path}`,
  name: path,
  of: (row) => row.settings[path] ?? null,
  words: cellWords,
});

export const result = (path: string): Column => ({
  key: `got:${path}`,
  name: path,
  of: (row) => row.results[path] ?? null,
  // Measured numbers stand below each other with all their digits; settings as they were set.
  words: (value) => cellWords(value, true),
});

export const nameColumn: Column = { key: 'id', name: 'run', of: (row) => row.id, words: cellWords };

export const ownColumns: readonly Column[] = [
  { key: 'state', name: 'state', of: (row) => row.state, words: cellWords },
  { key: 'scenario', name: 'scenario', of: (row) => row.scenario, words: cellWords },
  { key: 'preset', name: 'preset', of: (row) => row.preset, words: cellWords },
  { key: 'seed', name: 'seed', of: (row) => row.seed, words: cellWords },
];

export const changedColumn: Column = {
  key: 'changed',
  name: 'changed',
  of: (row) => row.changed,
  words: (value) => dateTime(Number(value)),
};

export const columnBy = (key: string): Column | undefined =>
  [nameColumn, ...ownColumns, changedColumn].find((column) => column.key === key) ??
  (key.startsWith('set:')
    ? setting(key.slice(4))
    : key.startsWith('got:')
      ? result(key.slice(4))
      : undefined);

/** Paths of settings that have more than one value among these rows, in the order in which they are first met. */
export function differing(rows: readonly RunRow[]): string[] {
  const first = new Map<string, Cell>();
  const differ = new Set<string>();
  for (const { settings } of rows) {
    for (const path in settings) {
      const value = settings[path]!;
      if (!first.has(path)) first.set(path, value);
      else if (first.get(path) !== value) differ.add(path);
    }
  }
  return [...first.keys()].filter((path) => differ.has(path));
}

/** All paths, of settings or of results, in the order in which they are first met. */
export const pathsOf = (rows: readonly RunRow[], which: 'settings' | 'results'): string[] => {
  const paths = new Set<string>();
  for (const row of rows) for (const path in row[which]) paths.add(path);
  return [...paths];
};

/** Results shown where none are chosen: of numbers, those that most runs have, and that are not the same in all. */
export function informative(rows: readonly RunRow[], most: number): string[] {
  const counts = new Map<string, { count: number; values: Set<Cell> }>();
  for (const { results } of rows) {
    for (const path in results) {
      if (typeof results[path] !== 'number') continue;
      const entry = counts.get(path) ?? { count: 0, values: new Set() };
      entry.count++;
      if (entry.values.size < 2) entry.values.add(results[path]);
      counts.set(path, entry);
    }
  }
  const paths = [...counts.keys()];
  return paths
    .filter((path) => counts.get(path)!.values.size > 1 || rows.length === 1)
    .sort((a, b) => counts.get(b)!.count - counts.get(a)!.count || paths.indexOf(a) - paths.indexOf(b))
    .slice(0, most);
}
