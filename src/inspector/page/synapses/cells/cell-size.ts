import type { Sheet } from './sheet';

/** How large a pixel of a sheet is shown, in CSS pixels. */
export interface CellSize {
  readonly x: number;
  readonly y: number;
}

/** What a cell is shown at most where nobody asks for more; what a strip's cell is wide, and a sheet high, at least. */
const largest = 22;
const smallestSide = 14;
/** What a sheet is high at most, in CSS pixels, where cells can be smaller than that takes. */
const tallest = 640;

/**
 * Each cell has the same number of the screen's own pixels, one at least, so that none is left out or drawn uneven.
 * @param available CSS pixels that the sheet can be wide.
 * @param devicePixels The screen's own pixels in one CSS pixel.
 * @param asked CSS pixels of a cell that the user has chosen; 0 is as many as fit.
 */
export function cellSize(sheet: Sheet, available: number, devicePixels: number, asked: number): CellSize {
  const whole = (css: number) => Math.max(1, Math.floor(css * devicePixels + 1e-6)) / devicePixels;
  const size = whole(asked > 0 ? asked : Math.min(largest, available / sheet.width, tallest / sheet.height));
  const least = (pixels: number) => Math.max(size, whole(Math.ceil(smallestSide / pixels)));
  return { x: least(sheet.width), y: least(sheet.height) };
}
