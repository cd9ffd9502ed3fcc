import { unparse } from 'papaparse';
import type { Figure } from './figure';

/** The columns of a figure's CSV file. */
const columns = ['panel', 'series', 'kind', 'x', 'y', 'low', 'high'] as const;

/**
 * Every number of a figure as comma-separated values, a point a row: the panel, counted from 1; the series' label and
 * kind, which is `reference` for a reference line and `span` for a shaded stretch of x, whose ends stand as low and high;
 * its place, and its interval where it has one. Numbers have all their digits; one that is not finite is left empty.
 * Muted series are left out: they are another panel's. Of a map of cells, each has a row of the kind `cell` with its column and row as x and y, and a further column,
 * which only files with such maps have: its value.
 */
export function figureCsv({ panels }: Pick<Figure, 'panels'>): string {
  const hasCells = panels.some(({ cells }) => cells !== undefined);
  const rows = panels.flatMap(({ series, marks = [], spans = [], cells }, index) => [
    ...series
      .filter(({ muted }) => muted !== true)
      .flatMap(({ label, kind = 'line', points }) =>
        points.map(({ x, y, low, high }) => [index + 1, label, kind, ...[x, y, low, high].map(told)]),
      ),
    ...marks.map(({ axis, at, label }) => {
      const place = axis === 'x' ? [told(at), ''] : ['', told(at)];
      return [index + 1, label, 'reference', ...place, '', ''];
    }),
    ...spans.map(({ from, to, label }) => [index + 1, label, 'span', '', '', told(from), told(to)]),
    ...(cells?.values ?? []).map((value, i) => {
      const { label, columns: width } = cells!;
      return [index + 1, label, 'cell', told(i % width), told(Math.floor(i / width)), '', '', told(value)];
    }),
  ]);
  return `${unparse({ fields: hasCells ? [...columns, 'value'] : [...columns], data: rows }, { newline: '\n' })}\n`;
}

function told(value: number | undefined): string {
  return value !== undefined && Number.isFinite(value) ? String(value) : '';
}
