import { canonical } from '../compare/settings';
import type { Axis } from './decompose';

/** Where the values of a setting lie on an axis, for a tree. */
export interface Coordinates extends Axis {
  readonly path: string;
  /** By trial. */
  readonly places: readonly number[];
}

/** Numbers of which there are more are taken for draws from a range. */
const mostLevels = 12;

/**
 * The places of a setting's values. A setting that takes few values has a level for each, numbers in their order, and each counts the same; one that takes many
 * numbers goes from 0 to 1, by its logarithm where it spans a decade.
 * @param values By trial.
 */
export function coordinatesOf(path: string, values: readonly unknown[]): Coordinates {
  const distinct = [...new Map(values.map((value) => [canonical(value), value])).values()];
  const numbers = distinct.filter((value): value is number => typeof value === 'number');
  if (numbers.length === distinct.length && distinct.length > mostLevels) {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const scale = low > 0 && high / low >= 10 ? Math.log : (value: number) => value;
    const place = (value: number) => (scale(value) - scale(low)) / (scale(high) - scale(low));
    return { path, levels: null, places: values.map((value) => place(value as number)) };
  }
  const ordered = [
    ...numbers.sort((a, b) => a - b),
    ...distinct.filter((value) => typeof value !== 'number'),
  ];
  const levels = new Map(ordered.map((value, level) => [canonical(value), level]));
  return { path, levels: ordered.length, places: values.map((value) => levels.get(canonical(value))!) };
}
