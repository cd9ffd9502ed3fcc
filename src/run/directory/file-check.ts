import fs from 'node:fs';
import { hashPart, sha256 } from '../../core/checksum';
import { codeOf } from '../../core/file-failures';
import type { FileListing } from '../../core/file-listing';
import { formatNpyHeader, type NpyType, parseNpyHeader } from '../../data/npy/header';

/** What a file cannot be blamed for. */
export interface Allowance {
  /** More may follow what is listed, since a process works on it, or was killed while it did. */
  readonly goesOn?: boolean;
  /** The head of a .npy file is let be: it can be made anew. */
  readonly anyHead?: boolean;
}

/** The checksum at the end of a file that has one, in bytes. */
const checksumBytes = 32;

/** What is wrong with a file, as the rest of a sentence that begins with its name; null where it holds what is listed. */
export function difference(file: string, listing: FileListing, allowance: Allowance = {}): string | null {
  return looking(file, (descriptor, size) => {
    const { bytes, npy } = listing;
    const goesOn = listing.grows === true && allowance.goesOn === true;
    if (size < bytes || (size > bytes && !goesOn)) {
      return `has ${size} bytes instead of ${goesOn ? 'at least ' : ''}${bytes}`;
    }
    const headless = npy === undefined ? 0 : headOf(npy, 0).length;
    if (npy !== undefined && !allowance.anyHead && !hasHead(descriptor, npy, goesOn)) {
      return 'has another head than was written';
    }
    const end = bytes - (listing.endsWithChecksum === true ? checksumBytes : 0);
    if (hashPart(descriptor, headless, end).digest('hex') !== listing.sha256) return changed;
    if (end < bytes && readPart(descriptor, end, bytes).toString('hex') !== listing.sha256) return changed;
    return null;
  });
}

const changed = 'has other bytes than were written';

/** What a file holds; what is wrong with it, as `difference` tells it, where it does not hold what is listed. */
export function readListed(file: string, listings: readonly FileListing[]): Buffer | string {
  let content: Buffer | null = null;
  const wrong = looking(file, (descriptor, size) => {
    content = readPart(descriptor, 0, size);
    return null;
  });
  if (wrong !== null || content === null) return wrong ?? changed;
  const held: Buffer = content;
  if (listings.some(({ bytes, sha256: sum }) => bytes === held.length && sum === sha256(held))) return held;
  const [listing] = listings;
  if (listing === undefined) return 'is not among what the run has written';
  const { bytes } = listing;
  return bytes === held.length ? changed : `has ${held.length} bytes instead of ${bytes}`;
}

function looking(file: string, look: (descriptor: number, size: number) => string | null): string | null {
  let descriptor: number | null = null;
  try {
    // Not to wait for a writer, where a pipe has taken the file's place.
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
    const stats = fs.fstatSync(descriptor);
    if (stats.isDirectory()) return 'is a folder';
    if (!stats.isFile()) return 'is no file';
    return look(descriptor, stats.size);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return 'is missing';
    return `cannot be read: ${(error as Error).message}`;
  } finally {
    if (descriptor !== null) fs.closeSync(descriptor);
  }
}

function readPart(descriptor: number, from: number, to: number): Buffer {
  const part = Buffer.alloc(to - from);
  let done = 0;
  while (done < part.length) {
    const read = fs.readSync(descriptor, part, done, part.length - done, from + done);
    if (read === 0) return part.subarray(0, done);
    done += read;
  }
  return part;
}

type Head = NonNullable<FileListing['npy']>;

/** The head of a .npy file with this many rows. */
export function headOf({ dtype, shape: [, ...rowShape] }: Head, rows: number): Buffer {
  return Buffer.from(formatNpyHeader(dtype as NpyType, rowShape, rows));
}

/** Whether a file has the head of its rows; with `goesOn`, or of more rows. */
export function hasHead(descriptor: number, npy: Head, goesOn: boolean): boolean {
  const rows = npy.shape[0]!;
  const listed = headOf(npy, rows);
  const held = readPart(descriptor, 0, listed.length);
  if (held.equals(listed)) return true;
  if (!goesOn) return false;
  try {
    const counted = parseNpyHeader(held, '').shape[0] ?? 0;
    return counted >= rows && held.equals(headOf(npy, counted));
  } catch {
    return false;
  }
}
