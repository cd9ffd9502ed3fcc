import fs from 'node:fs';
import { z } from 'zod';
import { sha256 } from '../../core/checksum';
import { writeDurably } from '../../core/durable-file';
import { drawingsOfEach, smallSide } from './archives';
import type { Character } from './character-set';

/** What a cache holds, beside the pixels of all parts one behind the other. */
export interface CacheHeader {
  /** SHA-256 of each archive that it was made from, by name. */
  readonly archives: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<'background' | 'evaluation', readonly Character[]>>;
}

/** Decoded archives: what a cache holds. */
export interface Decoded {
  readonly header: CacheHeader;
  /** Background, then evaluation: [characters][20][28][28]; memory that threads share. */
  readonly pixels: Uint8Array;
  /** SHA-256 of all that the cache holds. */
  readonly checksum: string;
}

/** What the first line begins with; a cache of another version is made again. */
const mark = 'metaplast omniglot 1';
const bytesOfDrawing = smallSide * smallSide;
const characters = z.array(z.strictObject({ alphabet: z.string(), name: z.string() })).min(1);
const headerSchema = z.strictObject({
  archives: z.record(z.string(), z.string()),
  parts: z.strictObject({ background: characters, evaluation: characters }),
});

/** Bytes of all pixels of the parts. */
const pixelBytes = ({ parts }: CacheHeader): number =>
  (parts.background.length + parts.evaluation.length) * drawingsOfEach * bytesOfDrawing;

/** The second line of a cache: what it is of, as JSON. */
const headerLine = (header: CacheHeader): Buffer => Buffer.from(`${JSON.stringify(header)}\n`, 'utf8');

/** SHA-256 of what a cache holds. */
export function checksumOf(header: CacheHeader, pixels: Uint8Array): string {
  return sha256(Buffer.concat([headerLine(header), pixels]));
}

/**
 * Writes a cache aside, syncs and renames it. Three parts: a line with its mark and the SHA-256 of all that follows; a line of JSON that says of
 * what it is; one byte a pixel.
 * @throws InputError or MetaplastError where it cannot be written.
 */
export function writeCache(file: string, { header, pixels, checksum }: Decoded): void {
  writeDurably(file, [Buffer.from(`${mark} ${checksum}\n`, 'utf8'), headerLine(header), pixels]);
}

/** A cache that was read, or why it cannot be used; null where there is none. */
export type ReadCache = { readonly decoded: Decoded } | { readonly why: string } | null;

/** Reads a cache into memory that threads can share. @param archives SHA-256 of the archives that it must be of. */
export function readCache(file: string, archives: CacheHeader['archives']): ReadCache {
  let bytes: Buffer;
  try {
    const descriptor = fs.openSync(file, 'r');
    try {
      const { size } = fs.fstatSync(descriptor);
      if (size > mostBytes) return { why: `it has ${size} bytes, more than any such cache` };
      bytes = Buffer.from(new SharedArrayBuffer(size));
      for (let at = 0; at < size; ) {
        const read = fs.readSync(descriptor, bytes, at, size - at, at);
        if (read === 0) return { why: 'it was cut while it was read' };
        at += read;
      }
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : { why: (error as Error).message };
  }
  return checked(bytes, archives);
}

const mostBytes = 64 * 1024 * 1024;

function checked(bytes: Buffer, archives: CacheHeader['archives']): ReadCache {
  const first = bytes.indexOf('\n');
  const second = bytes.indexOf('\n', first + 1);
  const line = first < 0 || first > 200 ? '' : bytes.toString('utf8', 0, first);
  const checksum = line.startsWith(`${mark} `) ? line.slice(mark.length + 1) : '';
  if (checksum === '' || second < 0) return { why: `it does not begin with "${mark}"` };
  if (sha256(bytes.subarray(first + 1)) !== checksum) return { why: 'its checksum is wrong' };
  let header: CacheHeader;
  try {
    header = headerSchema.parse(JSON.parse(bytes.toString('utf8', first + 1, second)));
  } catch (error) {
    return { why: `what it says of itself cannot be read: ${(error as Error).message}` };
  }
  const pixels = bytes.subarray(second + 1);
  if (pixels.length !== pixelBytes(header))
    return { why: `it has ${pixels.length} pixels, not ${pixelBytes(header)}` };
  const names = Object.keys({ ...archives, ...header.archives });
  if (names.some((name) => archives[name] !== header.archives[name]))
    return { why: 'it is of other archives' };
  return { decoded: { header, pixels, checksum } };
}
