import type { Cell } from '../../protocol/runs';
import { shortNumber } from './numbers';

/** A setting or a result as a table shows it: a dash for none. */
export function cellWords(value: Cell | undefined, keepZeros = false): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return shortNumber(value, 4, keepZeros);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}
