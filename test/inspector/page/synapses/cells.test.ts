import fc from 'fast-check';
import { cellsOfBlock } from '../../../../src/inspector/page/synapses/cells/block-cells';
import { cellSize } from '../../../../src/inspector/page/synapses/cells/cell-size';
import {
  blockInWords,
  cellIndices,
  cellInWords,
} from '../../../../src/inspector/page/synapses/cells/cell-words';
import {
  cellAtPixel,
  cellAtPlace,
  gridOf,
  pixelOfCell,
  placeOfCell,
  sheetOf,
} from '../../../../src/inspector/page/synapses/cells/sheet';
import type { BlockInfo } from '../../../../src/inspector/protocol/runs';
import { axesOf, connectionIn } from '../../../../src/synapse/topology';

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
const sizeOf = (shape: readonly number[]) => shape.reduce((all, axis) => all * axis, 1);

const block = (shape: readonly number[], cells: BlockInfo['cells'] = []): BlockInfo => ({
  layer: 0,
  parameter: shape.length === 1 ? 'bias' : 'weight',
  shape,
  axes: axesOf(shape),
  ends: 'unit',
  first: 0,
  cells,
});

/** A parameter of which runs of cells were recorded, none twice, their columns in any order. */
const recordings = shapes.chain((shape) =>
  fc
    .tuple(fc.uniqueArray(fc.nat(sizeOf(shape) - 1)), fc.nat(50), fc.integer({ min: 1, max: 3 }))
    .map(([chosen, firstColumn, between]) => {
      let column = firstColumn;
      const cells = chosen.map((cell) => {
        const run = [cell, 1, 1, column] as const;
        column += between;
        return run;
      });
      return { shape, cells };
    }),
);

describe('cells of a parameter', () => {
  test('a column leads to its cell and the cell back to its column', () => {
    fc.assert(
      fc.property(recordings, ({ shape, cells }) => {
        const { columns, cellOf, recorded } = cellsOfBlock(block(shape, cells));
        for (const [cell, , , column] of cells) {
          expect(columns[cell]).toBe(column);
          expect(cellOf(column)).toBe(cell);
        }
        expect(recorded).toBe(cells.length);
        expect(columns.filter((column) => column >= 0)).toHaveLength(cells.length);
      }),
    );
  });

  test('runs with steps are all their cells, and columns between runs are in none', () => {
    const { columns, cellOf } = cellsOfBlock(
      block(
        [3, 4],
        [
          [1, 3, 4, 10],
          [0, 2, 2, 0],
        ],
      ),
    );
    expect([...columns]).toEqual([0, 10, 1, -1, -1, 11, -1, -1, -1, 12, -1, -1]);
    expect([0, 1, 2, 9, 10, 11, 12, 13].map(cellOf)).toEqual([0, 2, -1, -1, 1, 5, 9, -1]);
  });

  test('a run that leads out of its parameter is refused', () => {
    expect(() => cellsOfBlock(block([2, 2], [[3, 2, 1, 0]]))).toThrow(
      'Cells 3 to 4 of layer 0, weight: it has 4',
    );
  });
});

describe('a sheet', () => {
  test('leads from each cell to its own pixel, and back', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sheet = sheetOf(shape, axesOf(shape));
        const seen = new Set<string>();
        for (let cell = 0; cell < sizeOf(shape); cell++) {
          const { x, y } = pixelOfCell(sheet, cell);
          expect(cellAtPixel(sheet, x, y)).toBe(cell);
          expect(cellAtPixel(sheet, x + 0.99, y + 0.99)).toBe(cell);
          seen.add(`${x},${y}`);
        }
        expect(seen.size).toBe(sizeOf(shape));
      }),
    );
  });

  test('has as many pixels with a cell as there are cells; the others lie between tiles', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sheet = sheetOf(shape, axesOf(shape));
        const found: number[] = [];
        for (let y = 0; y < sheet.height; y++) {
          for (let x = 0; x < sheet.width; x++) {
            const cell = cellAtPixel(sheet, x, y);
            const inGap =
              x % (sheet.tileWidth + sheet.gap) >= sheet.tileWidth ||
              y % (sheet.tileHeight + sheet.gap) >= sheet.tileHeight;
            expect(cell === -1).toBe(inGap);
            if (cell >= 0) found.push(cell);
          }
        }
        expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: sizeOf(shape) }, (_, i) => i));
      }),
    );
  });

  test('leads from each cell to its row and column, and back; these count no gaps', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const sheet = sheetOf(shape, axesOf(shape));
        const { rows, columns } = gridOf(sheet);
        expect(rows * columns).toBe(sizeOf(shape));
        for (let cell = 0; cell < sizeOf(shape); cell++) {
          const place = placeOfCell(sheet, cell);
          expect(place.row < rows && place.column < columns).toBe(true);
          expect(cellAtPlace(sheet, place)).toBe(cell);
        }
      }),
    );
  });

  test('has rows for where synapses end and columns for where they come from', () => {
    const shape = [7, 3];
    const sheet = sheetOf(shape, axesOf(shape));
    expect([sheet.height, sheet.width]).toEqual([7, 3]);
    const { to, from } = connectionIn({ layer: 0, parameter: 'weight', shape, first: 0, ends: 'unit' }, 17);
    expect(placeOfCell(sheet, 17)).toEqual({ row: to, column: from });
  });

  test('has a kernel as a tile, its row and column as in the kernel', () => {
    const shape = [4, 3, 2, 5];
    const sheet = sheetOf(shape, axesOf(shape));
    expect([sheet.width, sheet.height]).toEqual([3 * 6 - 1, 4 * 3 - 1]);
    const cell = ((2 * 3 + 1) * 2 + 1) * 5 + 4;
    const { to, from, row, column } = connectionIn(
      { layer: 0, parameter: 'weight', shape, first: 0, ends: 'channel' },
      cell,
    );
    expect(pixelOfCell(sheet, cell)).toEqual({ x: from! * 6 + column!, y: to * 3 + row! });
    expect(cellAtPixel(sheet, 5, 0)).toBe(-1);
    expect(cellAtPixel(sheet, 0, 2)).toBe(-1);
  });

  test('a strip beside tiles has its channels at their heights', () => {
    const tiles = sheetOf([4, 3, 2, 5], axesOf([4, 3, 2, 5]));
    const strip = sheetOf([4], ['to'], tiles);
    expect(strip.height).toBe(tiles.height);
    for (let to = 0; to < 4; to++) {
      expect(pixelOfCell(strip, to)).toEqual({ x: 0, y: pixelOfCell(tiles, to * 30).y });
      expect(cellAtPixel(strip, 0, pixelOfCell(strip, to).y + 1)).toBe(to);
    }
  });

  test('of nothing outside has a cell', () => {
    const sheet = sheetOf([2, 2], ['to', 'from']);
    for (const [x, y] of [
      [-0.1, 0],
      [0, -1],
      [2, 0],
      [0, 2],
      [Number.NaN, 0],
    ])
      expect(cellAtPixel(sheet, x!, y!)).toBe(-1);
  });
});

describe('the size of a cell', () => {
  const sheet = sheetOf([500, 784], ['to', 'from']);
  test('is a whole number of the screen’s own pixels, one at least', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.constantFrom(1, 1.25, 1.5, 2, 3),
        fc.constantFrom(0, 1, 4, 16),
        (available, dpr, asked) => {
          const { x, y } = cellSize(sheet, available, dpr, asked);
          for (const side of [x, y]) {
            expect(side * dpr).toBeCloseTo(Math.round(side * dpr), 9);
            expect(side * dpr).toBeGreaterThanOrEqual(1 - 1e-9);
          }
          if (asked === 0 && available * dpr >= sheet.width)
            expect(x * sheet.width).toBeLessThanOrEqual(available + 1e-6);
        },
      ),
    );
  });

  test('a strip and a single row are wide and high enough to be seen', () => {
    expect(cellSize(sheetOf([20], ['to']), 400, 1, 0)).toEqual({ x: 22, y: 22 });
    expect(cellSize(sheetOf([500], ['to']), 400, 1, 0)).toEqual({ x: 14, y: 1 });
    expect(cellSize(sheetOf([500], ['to']), 400, 1, 2)).toEqual({ x: 14, y: 2 });
    expect(cellSize(sheetOf([1, 2304], ['to', 'from']), 400, 1, 0)).toEqual({ x: 1, y: 14 });
  });
});

describe('words for cells', () => {
  test('say each index by its axis', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const described = { layer: 0, parameter: 'weight', shape, first: 0, ends: 'unit' } as const;
        for (let cell = 0; cell < sizeOf(shape); cell++) {
          const expected = connectionIn(described, cell);
          const indices = cellIndices(block(shape), cell);
          expect(indices[0]).toEqual(['to', expected.to]);
          for (const axis of ['depth', 'row', 'column'] as const)
            expect(indices.find(([name]) => name === axis)?.[1]).toBe(expected[axis]);
        }
      }),
    );
  });

  test('name weights, kernels and strips', () => {
    expect(cellInWords(block([3, 4]), 7)).toBe('layer 0: weight from unit 3 to unit 1');
    expect(cellInWords({ ...block([3]), ends: 'channel' }, 2)).toBe('layer 0: bias of channel 2');
    expect(cellInWords(block([2, 2, 3, 3]), 35)).toBe(
      'layer 0: weight from channel 1 at row 2, column 2 of the kernel to channel 1',
    );
    expect(blockInWords(block([12, 3, 5, 5]))).toBe('weight, 12 × 3 kernels of 5 × 5');
    expect(blockInWords(block([50, 13]))).toBe('weight, 50 × 13');
    expect(blockInWords(block([50]))).toBe('bias, 50');
  });
});
