import fs from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core/errors';
import { readFailure } from '../core/file-failures';
import { sizeOf } from '../core/shape';
import { npyArrays } from '../data/npy/header';
import { npyHeadOf } from '../data/npy/read';
import type { TraceEntry } from './recorder';

/** Some rows of a trace, one behind the other. Both arrays are written anew for the next block. */
export interface TraceBlock {
  readonly rows: number;
  /** [rows][task, phase, beta, step, residual]; four columns where the trace is of before residuals were recorded. */
  readonly moments: Float64Array;
  /** [rows][variables][synapses] */
  readonly values: Float64Array;
}

/** Of values, read at once. */
const blockBytes = 4 * 1024 * 1024;

/**
 * The rows of a trace, block by block: memory stays bounded however long it is. Rows that only one of its two files has are
 * left out; a killed writer leaves such.
 * @param columns Of these synapses only, as columns of the trace; `values` is then [rows][variables][columns].
 * @param mostRows No more of them than these.
 * @throws InputError where a file is missing, or is no .npy file of this trace's shape.
 */
export function* traceRows(
  folder: string,
  { file, when, shape: [, variables, synapses] }: Pick<TraceEntry, 'file' | 'when' | 'shape'>,
  columns: readonly number[],
  mostRows = Infinity,
): Generator<TraceBlock> {
  const width = variables * synapses;
  const files = [openRows(join(folder, file), width), openRows(join(folder, when.file), when.columns.length)];
  try {
    const [values, moments] = files as [NpyRows, NpyRows];
    const rows = Math.min(values.rows, moments.rows, mostRows);
    const most = Math.max(1, Math.floor(blockBytes / (8 * width)));
    const chosen = new Float64Array(most * variables * columns.length);
    for (let first = 0; first < rows; first += most) {
      const count = Math.min(most, rows - first);
      const all = values.read(first, count);
      let next = 0;
      for (let row = 0; row < count; row++) {
        for (let v = 0; v < variables; v++) {
          const start = (row * variables + v) * synapses;
          for (const column of columns) chosen[next++] = all[start + column]!;
        }
      }
      yield { rows: count, moments: moments.read(first, count), values: chosen };
    }
  } finally {
    for (const { close } of files) close();
  }
}

/** A file of float64 rows, open to be read. */
export interface NpyRows {
  /** As many as its head counts. */
  readonly rows: number;
  /** As many as it holds whole: of a file that grows more than its head counts. */
  readonly present: number;
  /** Rows one behind the other; the array is written anew by the next call. */
  read(first: number, count: number): Float64Array;
  /** One number of one row. */
  number(row: number, place: number): number;
  close(): void;
}

/**
 * @param follows Whether the file may be a link to another. Default true.
 * @throws InputError where it is no .npy file of rows of so many float64 numbers.
 */
export function openRows(path: string, width: number, follows = true): NpyRows {
  const descriptor = openPlain(path, follows);
  try {
    return rowsIn(descriptor, path, width);
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

/** Opens what is a file: a pipe is not waited for. */
function openPlain(path: string, follows: boolean): number {
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = fs.constants;
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, O_RDONLY | O_NONBLOCK | (follows ? 0 : O_NOFOLLOW));
  } catch (error) {
    throw readFailure(path, error);
  }
  if (fs.fstatSync(descriptor).isFile()) return descriptor;
  fs.closeSync(descriptor);
  throw new InputError({ what: `"${path}" is no file`, advice: 'Copy the folder of traces again' });
}

function rowsIn(descriptor: number, path: string, width: number): NpyRows {
  const { dtype, shape, dataOffset, present } = npyHeadOf(descriptor, path);
  const [counted = 0, ...rowShape] = shape;
  if (dtype !== '<f8' || sizeOf(rowShape) !== width) {
    throw new InputError({
      what: `"${path}" is not as index.json beside it says`,
      got: `${dtype}, shape (${shape.join(', ')})`,
      legal: `<f8, ${width} numbers a row`,
      advice: 'Copy the folder of traces again',
    });
  }
  const one = new Float64Array(1);
  let buffer = new npyArrays[dtype](0);
  return {
    rows: Math.min(counted, Math.floor(present / width)),
    present: Math.floor(present / width),
    read(first, count) {
      if (buffer.length < count * width) buffer = new npyArrays[dtype](count * width);
      const bytes = new Uint8Array(buffer.buffer, 0, 8 * count * width);
      for (let done = 0; done < bytes.length; ) {
        const at = dataOffset + 8 * first * width + done;
        const read = fs.readSync(descriptor, bytes, done, bytes.length - done, at);
        if (read === 0)
          throw new InputError({ what: `"${path}" was cut while it was read`, advice: 'Try again' });
        done += read;
      }
      return buffer;
    },
    number(row, place) {
      const at = dataOffset + 8 * (row * width + place);
      const read = fs.readSync(descriptor, new Uint8Array(one.buffer), 0, 8, at);
      return read === 8 ? one[0]! : Number.NaN;
    },
    close: () => fs.closeSync(descriptor),
  };
}
