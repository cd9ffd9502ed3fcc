import { isGroup, withKey } from '../../../study/compare/leaf-path';
import { numbersBelow } from '../../../study/compare/metrics';
import { eachSetting } from '../../../study/compare/settings';
import type { Cell } from '../../protocol/runs';

export type Cells = Readonly<Record<string, Cell>>;

/** A row of a table has no more of one kind than these: the first. */
const mostCells = 300;
const mostText = 200;

/** The settings below a value by their paths, lists as JSON. */
export function settingCells(value: unknown, most = mostCells): Cells {
  return limited(eachSetting(value), most);
}

/**
 * What a summary or a record has come to: its numbers, by the names that `metaplast compare` has for them, and its short texts and truths that stand in no list.
 */
export function resultCells(value: unknown): Cells {
  const found = new Map<string, Cell>();
  for (const [path, cell] of first(wordsBelow(value, ''), mostCells)) found.set(path, cell);
  const numbers = new Map<string, number | null>();
  numbersBelow(value, '', numbers, mostCells);
  for (const [path, number] of numbers) if (!found.has(path)) found.set(path, number);
  return limited(found, mostCells);
}

/** The numbers of one record, by their paths. */
export function recordCells(numbers: Iterable<readonly [path: string, value: unknown]>): Cells {
  return limited(numbers, mostCells);
}

function* wordsBelow(value: unknown, path: string): Generator<[string, Cell]> {
  if (typeof value === 'boolean') yield [path, value];
  else if (typeof value === 'string' && value.length <= mostText) yield [path, value];
  else if (isGroup(value))
    for (const [key, part] of Object.entries(value)) yield* wordsBelow(part, withKey(path, key));
}

function limited(entries: Iterable<readonly [string, unknown]>, most: number): Cells {
  const cells: [string, Cell][] = [];
  for (const [path, value] of first(entries, most)) cells.push([path, cellOf(value)]);
  return Object.fromEntries(cells);
}

/** As many as that, and nothing behind them is looked at. */
function* first<T>(all: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const one of all) {
    yield one;
    if (--left === 0) return;
  }
}

/** A value as a cell holds it; texts that would not fit are cut. */
function cellOf(value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > mostText ? `${text.slice(0, mostText - 3)}...` : text;
}
