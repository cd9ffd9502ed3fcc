import type { Cell } from '../../protocol/runs';
import { shortNumber } from './numbers';

/** A setting or a result as a table shows it: `-` for none. */
export function cellWords(value: Cell | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return shortNumber(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}
