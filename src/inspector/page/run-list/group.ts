import type { RunRow } from '../../protocol/runs';
import type { Curve } from '../../protocol/traces';
import { student95 } from './student';

/** What the band around a mean of seeds is. */
export const bands = ['interval', 'extent', 'each'] as const;
export type Band = (typeof bands)[number];

/** Runs that differ in nothing but their seed. */
export interface SeedGroup {
  readonly key: string;
  readonly rows: readonly RunRow[];
}

export function seedGroups(rows: readonly RunRow[]): SeedGroup[] {
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) {
    const { seed: _, ...settings } = row.settings;
    const key = JSON.stringify([row.scenario, Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].map(([key, members]) => ({ key, rows: members }));
}

export interface Summary {
  readonly x: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Points of a curve that others have none at: left out. */
  readonly left: number;
}

/**
 * Mean over curves, and around it the 95 % interval of the mean (Student's t, n - 1 degrees of freedom) or the least and the largest;
 * at each x that all curves have. A value that one of them lacks makes a gap.
 */
export function summaryOf(curves: readonly Pick<Curve, 'x' | 'y'>[], band: 'interval' | 'extent'): Summary {
  const at = curves.map(({ x, y }) => new Map(x.map((place, i) => [place, y[i] ?? null])));
  const x = [...at[0]!.keys()].filter((place) => at.every((curve) => curve.has(place)));
  const n = curves.length;
  const mean: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  for (const place of x) {
    const values = at.map((curve) => curve.get(place)!);
    if (values.some((value) => value === null)) {
      for (const list of [mean, low, high]) list.push(null);
      continue;
    }
    const middle = values.reduce((sum, value) => sum + value, 0) / n;
    mean.push(middle);
    if (band === 'extent' || n < 2) {
      low.push(Math.min(...values));
      high.push(Math.max(...values));
      continue;
    }
    const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (n - 1);
    const half = student95(n - 1) * Math.sqrt(variance / n);
    low.push(middle - half);
    high.push(middle + half);
  }
  const longest = Math.max(...curves.map((curve) => curve.x.length));
  return { x, mean, low, high, left: longest - x.length };
}
