import { shortNumber } from '../text/numbers';
import type { Aligned } from './aligned';
import type { ChartData } from './chart-data';

/** Per series, the column of its curve, or of the lower end of its envelope. */
export function mainColumns({ columns }: Aligned, series: number): number[] {
  const main = new Array<number>(series).fill(-1);
  columns.forEach(({ series: of }, column) => {
    if (main[of] === -1) main[of] = column;
  });
  return main;
}

/** How far to either side a curve without a point at the cursor is looked for. */
const reach = 64;

/** The point of a column that is nearest to place `at` of x; -1 where there is none within reach. */
export function nearestPoint(values: Aligned['columns'][number]['values'], at: number): number {
  for (let away = 0; away <= reach; away++) {
    if (typeof values[at - away] === 'number') return at - away;
    if (typeof values[at + away] === 'number') return at + away;
  }
  return -1;
}

/** The series whose point near `at` is nearest to `wanted`, by `distance`; -1 where there is none. */
export function nearestSeries(
  data: Aligned,
  series: number,
  at: number,
  distance: (value: number) => number,
  hidden: ReadonlySet<number> = new Set(),
): number {
  let [best, least] = [-1, Number.POSITIVE_INFINITY];
  mainColumns(data, series).forEach((column, i) => {
    if (column === -1 || hidden.has(i)) return;
    const { values } = data.columns[column]!;
    const point = nearestPoint(values, at);
    if (point === -1) return;
    const away = distance(values[point] as number);
    if (away < least) [best, least] = [i, away];
  });
  return best;
}

/** The values of a series at a place, in words: `0.273`, or `0.26 to 0.28`; null where it has none there. */
export function valueWords(data: Aligned, series: number, at: number): string | null {
  const of = (part: string) =>
    data.columns.find((column) => column.series === series && column.part === part)?.values[at];
  const [y, low, high] = [of('y'), of('low'), of('high')];
  const band =
    typeof low === 'number' && typeof high === 'number'
      ? low === high && typeof y !== 'number'
        ? shortNumber(low)
        : `${shortNumber(low)} to ${shortNumber(high)}`
      : null;
  if (typeof y !== 'number') return band;
  return band === null ? shortNumber(y) : `${shortNumber(y)} (${band})`;
}

/** What is under the cursor, as a sentence to hear. */
export function spoken(chart: ChartData, data: Aligned, at: number, series: number): string {
  const x = data.x[at];
  if (x === undefined) return '';
  const span = chart.spans?.find(({ from, to }) => x >= from && x < to);
  const place = `${chart.x.label} ${shortNumber(x)}${span === undefined ? '' : `, ${span.label}`}`;
  const of = (i: number) => `${chart.series[i]!.label} ${valueWords(data, i, at) ?? 'has no value here'}`;
  if (chart.series.length <= 4) return `${place}: ${chart.series.map((_, i) => of(i)).join('; ')}`;
  return series === -1 ? place : `${place}: ${of(series)}; one of ${chart.series.length} curves`;
}

/** Where a key moves the cursor to among `count` places; undefined for a key that moves it nowhere. */
export function movedBy(key: string, at: number, count: number): number | undefined {
  const page = Math.max(1, Math.round(count / 10));
  const to: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    PageUp: at + page,
    PageDown: at - page,
    Home: 0,
    End: count - 1,
  };
  const next = to[key];
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next));
}
