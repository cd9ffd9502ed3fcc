import type { BlockCells } from '../cells/block-cells';
import type { Sheet } from '../cells/sheet';
import { type ColourRange, entries } from '../colour/colour-range';
import type { ColourTable } from '../colour/colour-table';

/** How many cells have no colour of their own. */
export interface Painted {
  /** Below and above the range: these have the colours of its ends. */
  readonly below: number;
  readonly above: number;
  /** Not finite: these have the colour that is given for them. */
  readonly notFinite: number;
}

/**
 * Colours the pixels of a sheet, in one pass over its cells. What was not recorded, and what lies between tiles, stays
 * transparent; `gapColour` is for the latter.
 * @param pixels [height][width] of the sheet.
 * @param values By column of the trace.
 */
export function paintSheet(
  pixels: Uint32Array,
  sheet: Sheet,
  { columns, size }: Pick<BlockCells, 'columns' | 'size'>,
  values: ArrayLike<number>,
  range: ColourRange,
  table: ColourTable,
  { gapColour, notFiniteColour }: { readonly gapColour: number; readonly notFiniteColour: number },
): Painted {
  let [below, above, notFinite] = [0, 0, 0];
  const entryOf = entries(range);
  const { low, high } = range;
  const colourOf = (value: number) => {
    if (!Number.isFinite(value)) {
      notFinite++;
      return notFiniteColour;
    }
    if (value < low) below++;
    else if (value > high) above++;
    return table[entryOf(value)]!;
  };
  const { width, height, to, from, tileHeight, tileWidth, gap, cellHeight } = sheet;
  if (gap > 0 && width * height > size) pixels.fill(gapColour);
  const tileRows = tileHeight / cellHeight;
  let cell = 0;
  for (let down = 0; down < to; down++) {
    for (let across = 0; across < from; across++) {
      const corner = down * (tileHeight + gap) * width + across * (tileWidth + gap);
      for (let row = 0; row < tileRows; row++) {
        let pixel = corner + row * cellHeight * width;
        for (let column = 0; column < tileWidth; column++, pixel++, cell++) {
          const recorded = columns[cell]!;
          const colour = recorded < 0 ? 0 : colourOf(values[recorded]!);
          for (let line = 0; line < cellHeight; line++) pixels[pixel + line * width] = colour;
        }
      }
    }
  }
  return { below, above, notFinite };
}
