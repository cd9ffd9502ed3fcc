import type { ChartData, ChartSeries } from './chart-data';

/** One value of a column: a number, null for a gap, undefined where the series has no point at this x. */
type Entry = number | null | undefined;

export interface Aligned {
  readonly x: readonly number[];
  readonly columns: readonly AlignedColumn[];
  /** How many points a logarithmic axis cannot show, being 0 or less. */
  readonly left: number;
}

interface AlignedColumn {
  /** Index of its series. */
  readonly series: number;
  readonly part: 'y' | 'low' | 'high';
  readonly values: readonly Entry[];
}

/** All series over one x that has every x of any, as uPlot and tables want them. */
export function aligned({ x: xAxis, y: yAxis, series }: ChartData): Aligned {
  const x = unionOf(series.map((each) => each.x).filter((each) => each.length > 0)).filter(
    (at) => !xAxis.log || at > 0,
  );
  let left = 0;
  const columns = series.flatMap((each, i) => {
    const places = placesIn(x, each.x);
    return partsOf(each).map(([part, given]): AlignedColumn => {
      const values: Entry[] = new Array(x.length).fill(undefined);
      for (let point = 0; point < given.length; point++) {
        const place = places === null ? point : places[point]!;
        let value = given[point] ?? null;
        if (value !== null && !Number.isFinite(value)) value = null;
        const shown = place >= 0 && (value === null || !yAxis.log || value > 0);
        if (!shown && part === 'y') left++;
        // A gap, rather than a line through where it would have been.
        if (place >= 0) values[place] = shown ? value : null;
      }
      return { series: i, part, values };
    });
  });
  return { x, columns, left };
}

export function partsOf(series: ChartSeries): (readonly ['y' | 'low' | 'high', ArrayLike<number | null>])[] {
  const { y, low, high } = series;
  return [
    ...(y === undefined ? [] : [['y', y] as const]),
    ...(low === undefined || high === undefined ? [] : [['low', low] as const, ['high', high] as const]),
  ];
}

function unionOf(lists: readonly ArrayLike<number>[]): readonly number[] {
  if (lists.length === 0) return [];
  if (lists.every((list) => same(list, lists[0]!))) return Array.from(lists[0]!);
  const all = new Set<number>();
  for (const list of lists) for (let i = 0; i < list.length; i++) all.add(list[i]!);
  return Array.from(Float64Array.from(all).sort());
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/** Where in `x` each of `own` stands, -1 where it does not; null where they are the same. */
function placesIn(x: readonly number[], own: ArrayLike<number>): Int32Array | null {
  if (same(x, own)) return null;
  const places = new Int32Array(own.length);
  let place = 0;
  for (let i = 0; i < own.length; i++) {
    while (place < x.length && x[place]! < own[i]!) place++;
    places[i] = x[place] === own[i] ? place : -1;
  }
  return places;
}
