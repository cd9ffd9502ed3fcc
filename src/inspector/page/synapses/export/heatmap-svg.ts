import { escaped } from '../../export/svg';
import { shortNumber } from '../../text/numbers';
import type { BlockCells } from '../cells/block-cells';
import type { Sheet } from '../cells/sheet';
import type { ColourRange } from '../colour/colour-range';
import { type ColourTable, hexOf, tableLength } from '../colour/colour-table';
import { sheetPaths } from './sheet-svg';

interface HeatmapDrawing {
  readonly sheet: Sheet;
  readonly cells: BlockCells;
  /** By column of the trace. */
  readonly values: Float64Array;
  readonly range: ColourRange;
  readonly table: ColourTable;
  readonly title: string;
  readonly note: string;
}

const font = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
const smallest = 320;
const stops = 32;

/** A map as a vector drawing, with its colours in numbers; cells that were not recorded are hatched. */
export function heatmapSvg({ sheet, cells, values, range, table, title, note }: HeatmapDrawing): string {
  const scale = Math.max(1, Math.min(24, Math.floor(640 / Math.max(sheet.width, sheet.height))));
  const [wide, high] = [sheet.width * scale, sheet.height * scale];
  // What letters take on average, without a canvas to measure by.
  const long = Math.max(9 * title.length, 6 * note.length) + 56;
  const width = Math.max(wide + 48, smallest, Math.ceil(long));
  const height = high + 132;
  const [left, top] = [40, 52];
  const bar = top + high + 30;
  const gradient = Array.from(
    { length: stops },
    (_, i) =>
      `<stop offset="${i / (stops - 1)}" stop-color="${hexOf(table, Math.round((i / (stops - 1)) * (tableLength - 1)))}"/>`,
  );
  const words = (text: string, x: number, y: number, more = '') =>
    `<text x="${x}" y="${y}"${more}>${escaped(text)}</text>`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}" font-size="12" fill="#222222">`,
    `<title>${escaped(title)}</title>`,
    '<defs>',
    '<pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="#bbbbbb" stroke-width="2"/></pattern>',
    `<linearGradient id="colours">${gradient.join('')}</linearGradient>`,
    '</defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    words(title, left, 22, ' font-size="14" font-weight="600"'),
    words('from →', left, top - 8, ' fill="#5c5c5c"'),
    words('to ↓', left - 6, top + 11, ' fill="#5c5c5c" text-anchor="end"'),
    `<rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="${cells.recorded < cells.size ? 'url(#none)' : '#ffffff'}" stroke="#bbbbbb"/>`,
    `<g transform="translate(${left} ${top}) scale(${scale})" shape-rendering="crispEdges">`,
    sheetPaths(sheet, cells, values, range, table),
    '</g>',
    `<rect x="${left}" y="${bar}" width="200" height="10" fill="url(#colours)"/>`,
    words(shortNumber(range.low), left, bar + 24),
    words(shortNumber(range.high), left + 200, bar + 24, ' text-anchor="end"'),
    words(note, left, height - 12, ' fill="#5c5c5c" font-size="10"'),
    '</svg>',
  ].join('\n')}\n`;
}
