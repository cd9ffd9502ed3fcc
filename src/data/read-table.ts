import fs from 'node:fs';
import path from 'node:path';
import { nonEmptyText } from '../core/checks';
import { sha256 } from '../core/checksum';
import { InputError } from '../core/errors';
import { readFailure } from '../core/file-failures';
import { validate } from '../core/validate';
import { readNpy } from './npy/read';
import {
  type Columns,
  numberIn,
  type Table,
  type TableOptions,
  tableOptionsSchema,
  tableSamples,
} from './table';

/** The ending of each kind of file, and the mark between its cells; an empty one where that is found out. */
const marks: Readonly<Record<string, string>> = { '.csv': '', '.tsv': '\t', '.txt': '' };

/**
 * The samples of a file: comma- or semicolon-separated (`.csv`), tab-separated (`.tsv`), or a matrix of NumPy's (`.npy`), whose columns are called 0, 1, 2, ...
 * @throws InputError where it cannot be read, its rows differ in length, or its cells are no samples; with row and column.
 */
export function readTable(file: string, options: TableOptions): Table & { readonly checksum: string } {
  nonEmptyText('The path of a table', file);
  validate(tableOptionsSchema, options, 'the options of readTable');
  const bytes = contentOf(file);
  const ending = path.extname(file).toLowerCase();
  const columns =
    ending === '.npy' ? matrixOf(file) : textColumns(bytes.toString('utf8'), marks[ending], file);
  return { ...tableSamples(columns, options), checksum: sha256(bytes) };
}

function contentOf(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw readFailure(file, error);
  }
}

function matrixOf(file: string): Columns {
  const { shape, data } = readNpy(file);
  const [rows, columns] = shape;
  if (shape.length !== 2) {
    throw new InputError({
      what: `"${file}" is no table`,
      got: `shape [${shape.join(', ')}]`,
      legal: 'a matrix of rows and columns',
    });
  }
  return {
    names: Array.from({ length: columns! }, (_, column) => String(column)),
    rows: Array.from({ length: rows! }, (_, row) => [...data.subarray(row * columns!, (row + 1) * columns!)]),
    rowName: (row) => `row ${row}`,
  };
}

function textColumns(text: string, mark: string | undefined, file: string): Columns {
  if (mark === undefined) {
    throw new InputError({
      what: `"${file}" has no ending of a table`,
      got: path.extname(file),
      legal: `${Object.keys(marks).join(', ')}, .npy`,
    });
  }
  // Loaded here, not above: most command lines read no table.
  const { parse } = require('papaparse') as typeof import('papaparse');
  const { data, errors, meta } = parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimiter: mark,
    delimitersToGuess: [',', ';', '\t', '|'],
    skipEmptyLines: 'greedy',
  });
  const quotes = errors.find(({ type }) => type === 'Quotes');
  if (quotes !== undefined) {
    throw new InputError({
      what: `"${file}" has a quotation mark that is not closed, from row ${quotes.row ?? 0} on`,
      advice: 'Close it, or double it where it is meant',
    });
  }
  const [names = [], ...rows] = data;
  if (names.length > 1 && names.every((name) => Number.isFinite(numberIn(name)))) {
    throw new InputError({
      what: 'The first line of the table holds numbers instead of names',
      got: names.slice(0, 5).join(', '),
      advice: 'Put a line with a name for each column above it',
    });
  }
  const odd = rows.findIndex((row) => row.length !== names.length);
  if (odd >= 0) {
    throw new InputError({
      what: `Row ${odd + 1} of "${file}" has another number of cells than its first line`,
      got: rows[odd]!.length,
      legal: `${names.length}, with ${JSON.stringify(meta.delimiter)} between them`,
      advice: 'Mend the row; a cell that holds the mark between cells needs quotation marks around it',
    });
  }
  return { names: names.map((name) => name.trim()), rows, rowName: (row) => `row ${row + 1}` };
}
