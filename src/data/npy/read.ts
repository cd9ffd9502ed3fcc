import fs from 'node:fs';
import { nonEmptyText } from '../../core/checks';
import { InputError, MetaplastError } from '../../core/errors';
import { formatShape, sizeOf } from '../../core/shape';
import { bytesOf, checkElements, decodeElements, inCOrder } from './elements';
import { type NpyArray, type NpyHeader, parseNpyForm, parseNpyHeader } from './header';

const longestHead = 12 + 65536;

/** Opens a file to read, and closes it whatever happens; what the system refuses becomes an InputError. */
function reading<Result>(path: string, read: (descriptor: number) => Result): Result {
  let descriptor: number | null = null;
  try {
    descriptor = fs.openSync(path, 'r');
    return read(descriptor);
  } catch (error) {
    if (error instanceof MetaplastError) throw error;
    throw new InputError({
      what: `Cannot read "${path}": ${(error as Error).message}`,
      advice: 'Name a .npy file that you may read',
    });
  } finally {
    if (descriptor !== null) fs.closeSync(descriptor);
  }
}

/**
 * The head of a file, and how many whole elements of data are present.
 * @throws InputError where it is missing or no such file.
 */
export function readNpyHead(path: string): NpyHeader & { readonly present: number } {
  return reading(path, (descriptor) => npyHeadOf(descriptor, path));
}

/** The same of a file that is open; `path` is its name, for messages. */
export function npyHeadOf(descriptor: number, path: string): NpyHeader & { readonly present: number } {
  const head = parseNpyHeader(firstBytes(descriptor), path);
  return { ...head, present: elementsPresent(descriptor, head.dataOffset, bytesOf(head.dtype)) };
}

/** As many as the longest head may take. */
function firstBytes(descriptor: number): Uint8Array {
  const first = new Uint8Array(longestHead);
  return first.subarray(0, fs.readSync(descriptor, first, 0, first.length, 0));
}

/** Whole elements of data that are in a file. */
function elementsPresent(descriptor: number, dataOffset: number, bytes: number): number {
  return Math.floor((fs.fstatSync(descriptor).size - dataOffset) / bytes);
}

/** An array as a .npy file holds it, in C order. */
export interface ReadArray {
  readonly shape: number[];
  /** The type in the file, as NumPy writes it. */
  readonly dtype: string;
  /** float32 and int32 as they are, everything else as float64. */
  readonly data: NpyArray;
}

/**
 * Reads a .npy file: floats of 2, 4 and 8 bytes, integers with and without sign of 1, 2, 4 and 8, booleans (0 and 1), in either byte order, in C or
 * Fortran order. Rows after those that the head counts are ignored: a running or killed writer leaves such.
 * @param mostRows Read no more rows than these.
 * @throws InputError where it is missing, no such file, holds less than its head tells of, or an integer that no float64 holds.
 */
export function readNpy(path: string, mostRows = Number.POSITIVE_INFINITY): ReadArray {
  nonEmptyText('The path of a .npy file', path);
  return reading(path, (descriptor) => {
    const { form, present } = formOf(descriptor, path);
    const { shape: counted, descr, fortran, dataOffset } = form;
    const shape = counted.map((length, axis) => (axis === 0 ? Math.min(length, mostRows) : length));
    // In Fortran order rows are all over the file.
    const size = sizeOf(fortran ? counted : shape);
    if (present < size) {
      throw new InputError({
        what: `"${path}" is truncated: its head tells of shape ${formatShape(shape)}`,
        got: `${present} elements`,
        legal: `${size} elements`,
        advice: 'Copy the file again',
      });
    }
    const bytes = new Uint8Array(size * bytesOf(descr));
    readFully(descriptor, bytes, dataOffset, path);
    const read = decodeElements(bytes, descr, path);
    const data = fortran ? inCOrder(read, counted).subarray(0, sizeOf(shape)) : read;
    return { shape, dtype: descr, data };
  });
}

function formOf(descriptor: number, path: string) {
  const form = parseNpyForm(firstBytes(descriptor), path);
  checkElements(form.descr, path);
  return { form, present: elementsPresent(descriptor, form.dataOffset, bytesOf(form.descr)) };
}

function readFully(descriptor: number, bytes: Uint8Array, position: number, path: string): void {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, 2 ** 30);
    const read = fs.readSync(descriptor, bytes, done, length, position + done);
    if (read === 0)
      throw new InputError({ what: `"${path}" was cut while it was read`, advice: 'Read it again' });
    done += read;
  }
}
