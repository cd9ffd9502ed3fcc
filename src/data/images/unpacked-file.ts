import fs from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../core/errors';
import { codeOf, readFailure } from '../../core/file-failures';
import { isPacked } from '../sets/is-packed';

/** A file of a data set, and what its errors advise. */
export interface DataFile {
  readonly path: string;
  readonly advice: string;
}

/**
 * The bytes of a file, unpacked where gzip packed it, whatever its name ends in.
 * @param most Bytes that it may have, unpacked: more is refused before it takes memory.
 * @throws InputError where it cannot be read or unpacked, is empty, or is larger than that.
 */
export function readUnpacked(file: DataFile, most: number): Uint8Array {
  const bytes = contentOf(file, most);
  if (bytes.length === 0) {
    throw new InputError({
      what: `"${file.path}" is empty`,
      got: '0 bytes',
      legal: `up to ${most} bytes, packed by gzip or not`,
      advice: file.advice,
    });
  }
  return isPacked(bytes) ? unpack(bytes, file, most) : bytes;
}

/** What packing may add to bytes that cannot be packed. */
const mostPacked = (most: number): number => most + (most >> 8) + 1024;

function contentOf(file: DataFile, most: number): Buffer {
  try {
    const { size } = fs.statSync(file.path);
    if (size > mostPacked(most)) throw tooLarge(file, `${size} bytes`, most);
    return fs.readFileSync(file.path);
  } catch (error) {
    throw readFailure(file.path, error);
  }
}

function unpack(bytes: Buffer, file: DataFile, most: number): Uint8Array {
  let unpacked: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    // With `info` it returns what has been read, too, which the types do not know.
    unpacked = gunzipSync(bytes, { maxOutputLength: most, info: true }) as never;
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file, `more than ${most} bytes`, most);
    const wrong = new InputError({
      what: `"${file.path}" cannot be unpacked: ${(error as Error).message}`,
      got: `${bytes.length} bytes`,
      legal: 'a whole file of gzip',
      advice: file.advice,
    });
    wrong.cause = error;
    throw wrong;
  }
  const { buffer, engine } = unpacked;
  if (engine.bytesWritten === bytes.length) return buffer;
  throw new InputError({
    what: `"${file.path}" has something else behind what gzip packed`,
    got: `${bytes.length - engine.bytesWritten} bytes too many`,
    legal: `${engine.bytesWritten} bytes`,
    advice: file.advice,
  });
}

const tooLarge = (file: DataFile, got: string, most: number): InputError =>
  new InputError({
    what: `"${file.path}" is larger than such a file can be`,
    got,
    legal: `up to ${most} bytes unpacked`,
    advice: file.advice,
  });
