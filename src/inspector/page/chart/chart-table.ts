import { csvOf } from '../export/csv';
import { type Aligned, aligned } from './aligned';
import type { ChartData } from './chart-data';

export interface ChartTable {
  readonly header: readonly string[];
  readonly rows: number;
  readonly row: (i: number) => readonly (number | null | undefined)[];
}

/** The numbers behind a chart: x, then a column for each curve and for each end of a band. */
export function chartTable(data: ChartData, { x, columns }: Aligned = aligned(data)): ChartTable {
  const header = [
    data.x.label,
    ...columns.map(({ series, part }) => {
      const { label, bandLabel } = data.series[series]!;
      return part === 'y' ? label : `${label}, ${bandLabel === undefined ? '' : `${bandLabel}, `}${part}`;
    }),
  ];
  return { header, rows: x.length, row: (i) => [x[i], ...columns.map(({ values }) => values[i])] };
}

export function chartCsv(data: ChartData): string {
  // All that was given, what a logarithmic axis cannot show too.
  const whole = { ...data, x: { ...data.x, log: false }, y: { ...data.y, log: false } };
  const { header, rows, row } = chartTable(whole);
  return csvOf(
    header,
    Array.from({ length: rows }, (_, i) => row(i)),
  );
}
