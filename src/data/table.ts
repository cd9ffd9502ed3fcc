import { z } from 'zod';
import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import type { Batch } from './batch';

/** Columns by name, of text as it stands in a file or of numbers. */
export interface Columns {
  readonly names: readonly string[];
  /** [rows][columns] */
  readonly rows: readonly (readonly (string | number)[])[];
  /** Where a row stands in its file, for messages. */
  readonly rowName: (row: number) => string;
}

/** How a table is read: which column is the target, which are left out, and what becomes of rows with missing cells. */
export interface TableOptions {
  /** The column to be learned. */
  readonly target: string;
  /** Columns to leave out. Default: none. */
  readonly ignore?: readonly string[];
  /** What the target is: `values`, `classes`, or by its cells (`auto`): classes where any is no number. Default `auto`. */
  readonly kind?: 'auto' | 'values' | 'classes';
  /** What becomes of rows with a missing cell: `refuse` (an error that names the first), or `drop`. Default `refuse`. */
  readonly missing?: 'refuse' | 'drop';
}

/** What `readTable` takes. */
export const tableOptionsSchema = z.strictObject({
  target: z.string(),
  ignore: z.array(z.string()).optional(),
  kind: z.enum(['auto', 'values', 'classes']).optional(),
  missing: z.enum(['refuse', 'drop']).optional(),
});

/** A table as samples. */
export interface Table {
  readonly batch: Batch;
  readonly targets: 'values' | 'classes';
  /** The inputs' columns, in order. */
  readonly inputs: readonly string[];
  /** The classes, by their index; null where the target is a value. */
  readonly classes: readonly string[] | null;
  /** What is to be told: rows that were left out, columns that are constant, rows that come twice. */
  readonly notes: readonly string[];
}

/** What stands where nothing is known. */
const missingWords = ['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-'];

const isMissing = (cell: string | number): boolean =>
  typeof cell === 'number' ? Number.isNaN(cell) : missingWords.includes(cell.trim().toLowerCase());

/** NaN for text that is no number as programs write them; what a decimal comma makes is none. */
export function numberIn(cell: string | number): number {
  if (typeof cell === 'number') return cell;
  const text = cell.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/**
 * Samples of a table: one column is the target, all others are inputs.
 * @throws InputError where a column is not there or comes twice, a cell is missing or no finite number, or no input or row is left; with row and column.
 */
export function tableSamples(table: Columns, options: TableOptions): Table {
  const { target, ignore = [], missing = 'refuse' } = options;
  checkNames(table.names);
  const place = placeOf(table, target, 'target');
  const ignored = new Set(ignore.map((name) => placeOf(table, name, 'column to ignore')));
  if (ignored.has(place)) throw new InputError({ what: 'The target is to be ignored', got: target });
  const used = table.names.map((_, column) => column).filter((column) => !ignored.has(column));
  const kept = keptRows(table, used, missing);
  const notes: string[] = [];
  const dropped = table.rows.length - kept.length;
  if (dropped > 0)
    notes.push(`${dropped} of ${table.rows.length} rows were left out, since a cell is missing`);
  if (kept.length === 0) {
    throw new InputError({ what: 'The table has no row to learn from', got: `${table.rows.length} rows` });
  }

  const kind = kindOf(table, kept, place, options.kind ?? 'auto');
  const inputs = used.filter((column) => column !== place && !isConstant(table, kept, column));
  const constant = used.filter((column) => column !== place && !inputs.includes(column));
  if (constant.length > 0) {
    const named = constant.map((column) => `"${table.names[column]}"`).join(', ');
    notes.push(`${named} ${constant.length === 1 ? 'is' : 'are'} the same in every row, and left out`);
  }
  if (inputs.length === 0) {
    throw new InputError({
      what: 'The table has no input',
      got: table.names.join(', '),
      legal: 'a column beside the target that varies',
    });
  }
  const twice = repeated(table, kept, used);
  if (twice > 0)
    notes.push(
      `${twice} ${twice === 1 ? 'row repeats' : 'rows repeat'} another; the same sample may be learned and tested by`,
    );

  const x = Float64Array.from(kept.flatMap((row) => inputs.map((column) => finite(table, row, column))));
  const classes = kind === 'classes' ? classesOf(table, kept, place) : null;
  const y = Float64Array.from(kept, (row) =>
    classes === null ? finite(table, row, place) : classes.indexOf(String(table.rows[row]![place]).trim()),
  );
  const batch = { samples: kept.length, inputs: inputs.length, targets: 1, x, y };
  return { batch, targets: kind, inputs: inputs.map((column) => table.names[column]!), classes, notes };
}

function checkNames(names: readonly string[]): void {
  for (const [i, name] of names.entries()) {
    if (name.trim() === '') {
      throw new InputError({
        what: `Column ${i + 1} of the table has no name`,
        got: names.join(', '),
        advice: 'Give each column one in the first line',
      });
    }
    if (names.indexOf(name) !== i) {
      throw new InputError({
        what: `Two columns of the table have one name`,
        got: name,
        legal: 'each name once',
      });
    }
  }
}

function placeOf({ names }: Columns, name: string, what: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new InputError({
    what: `The table has no ${what} of that name`,
    got: name,
    legal: names.slice(0, 30).join(', ') + (names.length > 30 ? ', ...' : ''),
    advice: didYouMean(name, names),
  });
}

/** Rows in which no cell that is used is missing. */
function keptRows(table: Columns, used: readonly number[], missing: 'refuse' | 'drop'): number[] {
  const kept: number[] = [];
  for (const [row, cells] of table.rows.entries()) {
    const column = used.find((each) => isMissing(cells[each]!));
    if (column === undefined) kept.push(row);
    else if (missing === 'refuse') {
      throw new InputError({
        what: `A cell of the table is missing: ${table.rowName(row)}, column "${table.names[column]}"`,
        got: String(cells[column]),
        legal: 'a value in every cell that is used',
        advice: 'Fill it in, leave such rows out (missing=drop), or leave out the column (ignore)',
      });
    }
  }
  return kept;
}

/** A cell as a finite number. */
function finite(table: Columns, row: number, column: number): number {
  const cell = table.rows[row]![column]!;
  const value = numberIn(cell);
  if (Number.isFinite(value)) return value;
  const comma = typeof cell === 'string' && /^[+-]?\d+,\d+$/.test(cell.trim());
  throw new InputError({
    what: `A cell of the table is no finite number: ${table.rowName(row)}, column "${table.names[column]}"`,
    got: String(cell),
    legal: 'numbers such as 12, -0.5, 3e-4',
    advice: comma
      ? 'Write decimals with a point'
      : `Make it a number, or leave the column out: ignore=${table.names[column]}`,
  });
}

function kindOf(
  table: Columns,
  kept: readonly number[],
  place: number,
  asked: 'auto' | 'values' | 'classes',
): 'values' | 'classes' {
  if (asked !== 'auto') return asked;
  return kept.every((row) => Number.isFinite(numberIn(table.rows[row]![place]!))) ? 'values' : 'classes';
}

/** What classes there are: numbers by size, other words by their letters. */
function classesOf(table: Columns, kept: readonly number[], place: number): string[] {
  const classes = [...new Set(kept.map((row) => String(table.rows[row]![place]).trim()))];
  if (classes.length < 2) {
    throw new InputError({ what: 'The target has one class', got: classes.join(), legal: 'two or more' });
  }
  const numeric = classes.every((name) => Number.isFinite(numberIn(name)));
  return classes.sort((a, b) => (numeric ? numberIn(a) - numberIn(b) : a < b ? -1 : 1));
}

function isConstant({ rows }: Columns, kept: readonly number[], column: number): boolean {
  const [first] = kept;
  return kept.every((row) => rows[row]![column] === rows[first!]![column]);
}

/** How many rows say what a row before them says. */
function repeated({ rows }: Columns, kept: readonly number[], used: readonly number[]): number {
  const seen = new Set(kept.map((row) => JSON.stringify(used.map((column) => rows[row]![column]))));
  return kept.length - seen.size;
}
