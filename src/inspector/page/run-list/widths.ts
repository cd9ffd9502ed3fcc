import type { RunRow } from '../../protocol/runs';
import { shown } from '../text/symbols';
import type { Column } from './columns';

export interface Layout {
  /** In characters: of all rows, so that it stays when others scroll into sight. */
  readonly width: number;
  /** Numbers stand at the right. */
  readonly numeric: boolean;
}

/** Wider than this, words are cut off; so are the few that are much longer than the others. */
const widest = 40;
const most = 0.95;
/** The mark that says which way a column is sorted. */
const mark = 2;

/** How a column is laid out for these rows. */
export function layoutOf({ name, of, words }: Column, rows: readonly RunRow[]): Layout {
  const lengths: number[] = [];
  let [numbers, others] = [0, 0];
  for (const row of rows) {
    const value = of(row);
    if (value === null) continue;
    if (typeof value === 'number') numbers++;
    else others++;
    lengths.push(words(value).length);
  }
  const numeric = numbers > others;
  lengths.sort((a, b) => a - b);
  const usual = lengths[Math.floor((lengths.length - 1) * (numeric ? 1 : most))] ?? 0;
  return { width: Math.min(widest, Math.max(usual, shown(name).length + mark)), numeric };
}
