import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';

/** SHA-256 in hexadecimal; of a string, that of its UTF-8 bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

const chunkBytes = 1024 * 1024;

/**
 * The hash of a part of an open file, to which more can be added.
 * @param from Where the part begins, in bytes from the file's start.
 * @param to Where it ends; the file must reach that far.
 * @throws Error where the file was cut while it was read.
 */
export function hashPart(descriptor: number, from: number, to: number): Hash {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, to - from)));
  for (let position = from; position < to; ) {
    const read = fs.readSync(descriptor, chunk, 0, Math.min(chunk.length, to - position), position);
    if (read === 0) throw new Error('the file was cut while it was read');
    hash.update(chunk.subarray(0, read));
    position += read;
  }
  return hash;
}
