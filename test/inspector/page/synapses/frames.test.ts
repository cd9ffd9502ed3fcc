import fc from 'fast-check';
import { cellsOfBlock } from '../../../../src/inspector/page/synapses/cells/block-cells';
import { cellAtPixel, pixelOfCell, sheetOf } from '../../../../src/inspector/page/synapses/cells/sheet';
import { entries } from '../../../../src/inspector/page/synapses/colour/colour-range';
import { colourTable, hexOf } from '../../../../src/inspector/page/synapses/colour/colour-table';
import {
  comparedAt,
  differenceOf,
  textOfView,
  viewFromText,
} from '../../../../src/inspector/page/synapses/difference/compared';
import { frameCsv } from '../../../../src/inspector/page/synapses/export/frame-csv';
import { sheetPaths } from '../../../../src/inspector/page/synapses/export/sheet-svg';
import { Kept } from '../../../../src/inspector/page/synapses/frames/kept';
import { latestWins } from '../../../../src/inspector/page/synapses/frames/latest-wins';
import { sampledRows } from '../../../../src/inspector/page/synapses/frames/sampled-rows';
import { paintSheet } from '../../../../src/inspector/page/synapses/heatmap/paint-sheet';
import type { BlockInfo } from '../../../../src/inspector/protocol/runs';

describe('the latest question', () => {
  /** Answers when it is made to. */
  function slow() {
    const waiting: { key: number; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
    const shown: string[] = [];
    const asker = latestWins<number, string>(
      (key) => new Promise((answer, fail) => waiting.push({ key, answer, fail })),
      (answer) => shown.push(answer),
      (error, key) => shown.push(`${key}: ${(error as Error).message}`),
    );
    return { waiting, shown, asker };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('is asked once the one under way is answered; those between never are', async () => {
    const { waiting, shown, asker } = slow();
    for (const key of [1, 2, 3, 4]) asker.want(key);
    expect(waiting.map(({ key }) => key)).toEqual([1]);
    waiting[0]!.answer('one');
    await turn();
    expect(waiting.map(({ key }) => key)).toEqual([1, 4]);
    waiting[1]!.answer('four');
    await turn();
    expect(shown).toEqual(['one', 'four']);
    asker.want(5);
    expect(waiting).toHaveLength(3);
  });

  test('is asked after one that failed', async () => {
    const { waiting, shown, asker } = slow();
    asker.want(1);
    asker.want(2);
    waiting[0]!.fail(new Error('gone'));
    await turn();
    waiting[1]!.answer('two');
    await turn();
    expect(shown).toEqual(['1: gone', 'two']);
  });

  test('is not asked, and nothing is shown, once it is stopped', async () => {
    const { waiting, shown, asker } = slow();
    asker.want(1);
    asker.want(2);
    asker.stop();
    waiting[0]!.answer('one');
    await turn();
    expect([shown, waiting.length]).toEqual([[], 1]);
  });
});

describe('what is kept', () => {
  test('never is more than the bytes allowed, and is what was asked for last', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 40 }))), (entries) => {
        const kept = new Kept<number>(100);
        for (const [key, bytes] of entries) {
          kept.set(String(key), bytes, bytes);
          expect(kept.bytes).toBeLessThanOrEqual(100);
          expect(kept.get(String(key))).toBe(bytes);
        }
      }),
    );
    const kept = new Kept<string>(20);
    kept.set('a', 'a', 10);
    kept.set('b', 'b', 10);
    kept.get('a');
    kept.set('c', 'c', 10);
    expect(['a', 'b', 'c'].map((key) => kept.has(key))).toEqual([true, false, true]);
    kept.set('large', 'x', 21);
    expect([kept.has('large'), kept.has('a')]).toEqual([false, true]);
  });
});

test('rows that a fixed scale is of are spread over the trace, first and last among them, fewer for wide ones', () => {
  expect(sampledRows(0, 5)).toEqual([]);
  expect(sampledRows(1, 5)).toEqual([0]);
  expect(sampledRows(10, 5)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const many = sampledRows(1_000_000, 100);
  expect([many.length, many[0], many.at(-1), new Set(many).size]).toEqual([32, 0, 999_999, 32]);
  expect(sampledRows(1000, 466_698)).toHaveLength(8);
});

describe('a view of differences', () => {
  const span = (firstRow: number, endRow: number, phase: number, beta: number) => ({
    ...{ firstRow, endRow, firstTask: 0, lastTask: 0, phase, beta, steps: 1, residual: null },
  });
  const known = {
    from: 0,
    to: 9,
    rows: 9,
    spans: [span(0, 4, 0, 0), span(4, 7, 1, 0.1), span(7, 9, 2, -0.1)],
  };

  test('is read as it is written', () => {
    for (const text of ['', 'nudged', 'nudged2', 'row0', 'row120'])
      expect(textOfView(viewFromText(text))).toBe(text);
    expect(viewFromText('nonsense')).toEqual({ kind: 'values' });
  });

  test('takes the ends of both phases, wherever in the task it is', () => {
    for (const row of [0, 3, 5, 8]) {
      expect(comparedAt({ kind: 'nudged', phase: 1 }, row, known)).toMatchObject({ row: 6, minus: 3 });
      expect(comparedAt({ kind: 'nudged', phase: 2 }, row, known)).toMatchObject({ row: 8, minus: 3 });
    }
    expect(comparedAt({ kind: 'nudged', phase: 3 }, 0, known)).toBeNull();
    expect(comparedAt({ kind: 'minus', row: 2 }, 5, known)).toMatchObject({ row: 5, minus: 2 });
  });

  test('subtracts column by column, and leaves values as they are where nothing is subtracted', () => {
    const values = Float64Array.of(3, 5);
    expect(differenceOf(values, null)).toBe(values);
    expect([...differenceOf(values, Float64Array.of(1, 7))]).toEqual([2, -2]);
  });
});

describe('a painted sheet', () => {
  const block: BlockInfo = {
    layer: 0,
    parameter: 'weight',
    shape: [2, 2, 1, 2],
    axes: ['to', 'from', 'row', 'column'],
    ends: 'channel',
    first: 0,
    cells: [[0, 6, 1, 0]],
  };
  const [sheet, cells] = [sheetOf(block.shape, block.axes), cellsOfBlock(block)];
  const range = { kind: 'sequential', low: 0, high: 1 } as const;
  const table = colourTable('sequential', 'light');
  const colours = { gapColour: 7, notFiniteColour: 9 };
  const values = Float64Array.of(0, 1, 0.5, Number.NaN, -3, 2);

  test('has each cell’s colour at its pixel, nothing where nothing was recorded, and counts what lies beyond', () => {
    const pixels = new Uint32Array(sheet.width * sheet.height);
    expect(paintSheet(pixels, sheet, cells, values, range, table, colours)).toEqual({
      below: 1,
      above: 1,
      notFinite: 1,
    });
    for (let y = 0; y < sheet.height; y++) {
      for (let x = 0; x < sheet.width; x++) {
        const cell = cellAtPixel(sheet, x, y);
        const value = values[cells.columns[cell]!];
        const expected =
          cell < 0 ? 7 : value === undefined ? 0 : Number.isNaN(value) ? 9 : table[entries(range)(value)];
        expect(pixels[y * sheet.width + x]).toBe(expected);
      }
    }
  });

  test('has the same colours as a vector drawing', () => {
    const svg = sheetPaths(sheet, cells, values, range, table);
    for (let cell = 0; cell < 8; cell++) {
      const value = values[cells.columns[cell]!];
      const { x, y } = pixelOfCell(sheet, cell);
      const path = [...svg.matchAll(/<path fill="(#\w+)" d="([^"]+)"\/>/g)].find(([, , d]) =>
        d!.includes(`M${x} ${y}h`),
      );
      expect(path?.[1]).toBe(Number.isFinite(value) ? hexOf(table, entries(range)(value!)) : undefined);
    }
  });
});

test('a frame as comma-separated values has a line a synapse, each number in full', () => {
  const weight: BlockInfo = {
    layer: 0,
    parameter: 'weight',
    shape: [2, 2],
    axes: ['to', 'from'],
    ends: 'unit',
    first: 0,
    cells: [[1, 2, 2, 1]],
  };
  const bias: BlockInfo = { ...weight, parameter: 'bias', shape: [2], axes: ['to'], cells: [[1, 1, 1, 0]] };
  const phi = Float64Array.of(0.1 + 0.2, -1e-300, Number.NaN);
  expect(frameCsv([weight, bias], [['phi', phi]])).toBe(
    [
      'synapse,layer,parameter,to,from,depth,row,column,phi',
      '0,0,bias,1,,,,,0.30000000000000004',
      '1,0,weight,0,1,,,,-1e-300',
      '2,0,weight,1,1,,,,NaN\n',
    ].join('\n'),
  );
});
