import type { RunRow } from '../../protocol/runs';
import type { Curve, Thinning } from '../../protocol/traces';
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

/** How the curve of each run is to be thinned: those that a mean is of evenly, so that they keep the same steps. */
export function thinningOf(rows: readonly RunRow[], band: Band): (id: string) => Thinning {
  const groups = band === 'each' ? [] : seedGroups(rows).filter((group) => group.rows.length > 1);
  const even = new Set(groups.flatMap((group) => group.rows.map(({ id }) => id)));
  return (id) => (even.has(id) ? 'even' : 'extremes');
}

export interface Summary {
  readonly x: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Points of a curve behind the last one that all have: left out. */
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
  const end = x.at(-1) ?? Number.NEGATIVE_INFINITY;
  const left = Math.max(...curves.map((curve) => curve.x.filter((place) => place > end).length));
  return { x, mean, low, high, left };
}
