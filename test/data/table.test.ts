import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { InputError } from '../../src/core/errors';
import { readTable } from '../../src/data/read-table';
import type { TableOptions } from '../../src/data/table';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-table-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function read(text: string, options: Partial<TableOptions> = {}, name = 'data.csv') {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return readTable(file, { target: 'price', ...options });
}

const refused = (text: string, options?: Partial<TableOptions>, name?: string): string => {
  try {
    read(text, options, name);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

describe('a table', () => {
  it('is read whatever separates its cells, ends its lines and stands around its words', () => {
    const cell = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const form = fc.record({
      mark: fc.constantFrom(',', ';', '\t', '|'),
      end: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
      quoted: fc.boolean(),
      last: fc.boolean(),
      rows: fc.array(fc.tuple(cell, cell, cell), { minLength: 3, maxLength: 6 }),
    });
    fc.assert(
      fc.property(form, ({ mark, end, bom, quoted, last, rows }) => {
        fc.pre([0, 1].every((column) => new Set(rows.map((row) => row[column])).size > 1));
        const word = (text: string) => (quoted ? `"${text.replaceAll('"', '""')}"` : text);
        const head = ['area', quoted ? `a ${mark} "b"` : 'b', 'price'].map(word);
        const lines = [head, ...rows.map((row) => row.map((value) => word(String(value))))].map((cells) =>
          cells.join(mark),
        );
        const text = (bom ? '\uFEFF' : '') + lines.join(end) + (last ? end : '');
        const { batch, targets, inputs } = read(text);
        expect({ targets, inputs }).toEqual({
          targets: 'values',
          inputs: ['area', quoted ? `a ${mark} "b"` : 'b'],
        });
        expect([...batch.x].map((v) => v + 0)).toEqual(rows.flatMap(([a, b]) => [a + 0, b + 0]));
        expect([...batch.y].map((v) => v + 0)).toEqual(rows.map((row) => row[2] + 0));
      }),
    );
  });

  it('of words to be learned has classes, in the order of their letters; of numbers, of their size', () => {
    const { batch, targets, classes } = read('x,price\n1,low\n2,high\n3,low\n');
    expect({ targets, classes, y: [...batch.y] }).toEqual({
      targets: 'classes',
      classes: ['high', 'low'],
      y: [1, 0, 1],
    });
    const numbers = read('x,price\n1,10\n2,9\n3,10\n', { kind: 'classes' });
    expect({ classes: numbers.classes, y: [...numbers.batch.y] }).toEqual({
      classes: ['9', '10'],
      y: [1, 0, 1],
    });
  });

  it('tells what it leaves out, and what comes twice', () => {
    const text = 'x,same,price\n1,7,2\n1,7,2\nNA,7,3\n2,7,4\n';
    const { batch, inputs, notes } = read(text, { missing: 'drop' });
    expect({ inputs, samples: batch.samples }).toEqual({ inputs: ['x'], samples: 3 });
    expect(notes).toEqual([
      '1 of 4 rows were left out, since a cell is missing',
      '"same" is the same in every row, and left out',
      '1 row repeats another; the same sample may be learned and tested by',
    ]);
  });

  it('leaves columns out that are to be ignored, whatever is in them', () => {
    expect(read('id,x,price\na,1,2\n,3,4\n', { ignore: ['id'] }).inputs).toEqual(['x']);
  });

  it('may be a matrix of NumPy, whose columns are numbers', () => {
    const head = `{'descr': '<i2', 'fortran_order': True, 'shape': (3, 2)}\n`;
    const length = Buffer.alloc(2);
    length.writeUInt16LE(head.length);
    const file = path.join(folder, 'matrix.npy');
    fs.writeFileSync(
      file,
      Buffer.concat([
        Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
        length,
        Buffer.from(head),
        Buffer.from(Int16Array.of(1, 2, 3, 40, 50, 60).buffer),
      ]),
    );
    const { batch, inputs } = readTable(file, { target: '1' });
    expect({ inputs, x: [...batch.x], y: [...batch.y] }).toEqual({
      inputs: ['0'],
      x: [1, 2, 3],
      y: [40, 50, 60],
    });
  });
});

describe('a table is refused, with row and column,', () => {
  it.each<[string, string, Partial<TableOptions>, RegExp]>([
    ['where a cell is missing', 'x,price\n1,2\n,3\n', {}, /missing: row 2, column "x".*missing=drop/],
    [
      'where a cell says that it is missing',
      'x,price\n1,2\n4,n/a\n',
      {},
      /missing: row 2, column "price". Got "n\/a"/,
    ],
    [
      'where an input is a word',
      'x,price\n1,2\nred,3\n',
      {},
      /no finite number: row 2, column "x". Got "red".*ignore=x/,
    ],
    [
      'where a decimal has a comma',
      'x;price\n1,5;2\n2,5;3\n',
      {},
      /row 1, column "x". Got "1,5".*with a point/,
    ],
    ['where a number is too large', 'x,price\n1e999,2\n2,3\n', {}, /row 1, column "x". Got "1e999"/],
    ['where a row has another number of cells', 'x,price\n1,2\n3,4,5\n', {}, /Row 2 .*Got 3. Legal: 2/],
    ['where a quotation mark is open', 'x,price\n1,"2\n3,4\n', {}, /quotation mark that is not closed/],
    ['where it has no such target', 'x,prize\n1,2\n', {}, /no target.*Got "price".*Did you mean "prize"/],
    [
      'where it has no such column to ignore',
      'x,price\n1,2\n',
      { ignore: ['id'] },
      /no column to ignore.*Got "id"/,
    ],
    ['where the target is to be ignored', 'x,price\n1,2\n', { ignore: ['price'] }, /target is to be ignored/],
    ['where two columns have one name', 'x,x,price\n1,2,3\n', {}, /Two columns .*Got "x"/],
    ['where a column has no name', 'x,,price\n1,2,3\n', {}, /Column 2 .*no name/],
    ['where it has no line of names', '1,2\n3,4\n', { target: '2' }, /numbers instead of names/],
    ['where it has no row', 'x,price\n', {}, /no row/],
    ['where nothing varies', 'x,price\n1,2\n1,3\n', {}, /no input/],
    ['where there is one class', 'x,price\n1,a\n2,a\n', {}, /one class/],
  ])('%s', (_, text, options, message) => {
    expect(refused(text, options)).toMatch(message);
  });

  it('where its file is none, or is of a kind that is not known', () => {
    expect(() => readTable(path.join(folder, 'none.csv'), { target: 'x' })).toThrow(InputError);
    expect(() => readTable(folder, { target: 'x' })).toThrow(/folder/);
    expect(refused('x', {}, 'data.xlsx')).toMatch(
      /no ending of a table. Got ".xlsx". Legal: .csv, .tsv, .txt, .npy/,
    );
  });
});
