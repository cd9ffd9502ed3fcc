/**
 * How the cells of a parameter lie on a picture: rows are where synapses end, columns where they come from. Of a convolution
 * each pair of channels has a tile, its kernel, with a line of pixels between tiles. A bias, a gain or a threshold is a strip,
 * one cell wide.
 *
 * A picture has one pixel a cell; it is enlarged when it is shown.
 */
export interface Sheet {
  /** In pixels of the picture. */
  readonly width: number;
  readonly height: number;
  /** Rows and columns of tiles: places where synapses end, and where they come from. */
  readonly to: number;
  readonly from: number;
  /** Pixels of a tile. */
  readonly tileHeight: number;
  readonly tileWidth: number;
  /** Pixels between tiles. */
  readonly gap: number;
  /** Pixels that a cell is high: more than one in a strip beside tiles, so that both have their channels side by side. */
  readonly cellHeight: number;
}

/** Row and column of cells, as keys move among them: gaps do not count. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

const product = (axes: readonly number[]) => axes.reduce((all, axis) => all * axis, 1);

/**
 * @param shape [to], [to, from], [to, from, column], [to, from, row, column] or [to, from, depth, row, column]
 * @param axes What each axis counts; of several that count `from`, the first is the slowest.
 * @param beside The sheet that a strip is to be read beside.
 */
export function sheetOf(shape: readonly number[], axes: readonly string[], beside?: Sheet): Sheet {
  const [to = 1] = shape;
  if (shape.length <= 1) {
    const fits = beside !== undefined && beside.to === to;
    const cellHeight = fits ? beside.tileHeight : 1;
    return sheet(to, 1, cellHeight, 1, fits ? beside.gap : 0, cellHeight);
  }
  const from = product(shape.filter((_, axis) => axes[axis] === 'from'));
  const kernel = shape.filter((_, axis) => axis > 0 && axes[axis] !== 'from');
  if (kernel.length === 0) return sheet(to, from, 1, 1, 0, 1);
  // Of a kernel of three dimensions the depths lie one beneath the other.
  const tileWidth = kernel.at(-1)!;
  return sheet(to, from, product(kernel) / tileWidth, tileWidth, 1, 1);
}

const sheet = (
  to: number,
  from: number,
  tileHeight: number,
  tileWidth: number,
  gap: number,
  cellHeight: number,
): Sheet => ({
  width: from * (tileWidth + gap) - gap,
  height: to * (tileHeight + gap) - gap,
  to,
  from,
  tileHeight,
  tileWidth,
  gap,
  cellHeight,
});

/** Rows and columns of cells. */
export const gridOf = ({ to, from, tileHeight, tileWidth, cellHeight }: Sheet) => ({
  rows: (to * tileHeight) / cellHeight,
  columns: from * tileWidth,
});

/** The row and column of a cell. */
export function placeOfCell(sheet: Sheet, cell: number): GridPlace {
  const { from, tileWidth } = sheet;
  const tileRows = sheet.tileHeight / sheet.cellHeight;
  const inTile = tileRows * tileWidth;
  const [tile, rest] = [Math.floor(cell / inTile), cell % inTile];
  return {
    row: Math.floor(tile / from) * tileRows + Math.floor(rest / tileWidth),
    column: (tile % from) * tileWidth + (rest % tileWidth),
  };
}

/** The cell at a row and column. */
export function cellAtPlace(sheet: Sheet, { row, column }: GridPlace): number {
  const { from, tileWidth } = sheet;
  const tileRows = sheet.tileHeight / sheet.cellHeight;
  const tile = Math.floor(row / tileRows) * from + Math.floor(column / tileWidth);
  return tile * tileRows * tileWidth + (row % tileRows) * tileWidth + (column % tileWidth);
}

/** The pixel of the picture at which a cell begins. */
export function pixelOfCell(sheet: Sheet, cell: number): { readonly x: number; readonly y: number } {
  const { row, column } = placeOfCell(sheet, cell);
  const tileRows = sheet.tileHeight / sheet.cellHeight;
  return {
    x: column + Math.floor(column / sheet.tileWidth) * sheet.gap,
    y: row * sheet.cellHeight + Math.floor(row / tileRows) * sheet.gap,
  };
}

/** The cell at a pixel of the picture; -1 between tiles, and outside. Fractions of pixels are cut. */
export function cellAtPixel(sheet: Sheet, x: number, y: number): number {
  if (!(x >= 0 && y >= 0 && x < sheet.width && y < sheet.height)) return -1;
  const { tileWidth, tileHeight, gap, cellHeight } = sheet;
  const [across, down] = [Math.floor(x / (tileWidth + gap)), Math.floor(y / (tileHeight + gap))];
  const [inX, inY] = [Math.floor(x) - across * (tileWidth + gap), Math.floor(y) - down * (tileHeight + gap)];
  if (inX >= tileWidth || inY >= tileHeight) return -1;
  const tileRows = tileHeight / cellHeight;
  return cellAtPlace(sheet, {
    row: down * tileRows + Math.floor(inY / cellHeight),
    column: across * tileWidth + inX,
  });
}
