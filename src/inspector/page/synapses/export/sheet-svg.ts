import type { BlockCells } from '../cells/block-cells';
import { pixelOfCell, type Sheet } from '../cells/sheet';
import { type ColourRange, entries } from '../colour/colour-range';
import { type ColourTable, hexOf } from '../colour/colour-table';

/**
 * The cells of a sheet as vector paths, one path a colour: a layer of 392,000 cells is 256 paths, not 392,000 rectangles. One unit is a
 * pixel of the sheet; cells that were not recorded, or are not finite, are left out.
 */
export function sheetPaths(
  sheet: Sheet,
  { columns, size }: Pick<BlockCells, 'columns' | 'size'>,
  values: ArrayLike<number>,
  range: ColourRange,
  table: ColourTable,
): string {
  const entryOf = entries(range);
  const paths = new Map<number, string[]>();
  for (let cell = 0; cell < size; cell++) {
    const value = columns[cell]! < 0 ? Number.NaN : values[columns[cell]!]!;
    if (!Number.isFinite(value)) continue;
    const entry = entryOf(value);
    const { x, y } = pixelOfCell(sheet, cell);
    const path = paths.get(entry) ?? [];
    path.push(`M${x} ${y}h1v${sheet.cellHeight}h-1z`);
    paths.set(entry, path);
  }
  return [...paths.entries()]
    .sort(([a], [b]) => a - b)
    .map(([entry, path]) => `<path fill="${hexOf(table, entry)}" d="${path.join('')}"/>`)
    .join('');
}
