import fs from 'node:fs';
import path from 'node:path';
import { writeFully } from '../../core/durable-file';
import { writeFailure } from '../../core/file-failures';
import type { FileListing } from '../../core/file-listing';
import { hasHead, headOf } from './file-check';

/**
 * Writes the heads of .npy files anew that are not what a writer leaves: they say nothing that the list does not say.
 * @param listings Files by their paths from the directory on; the rows of each are as listed.
 * @returns The paths of those that were mended.
 * @throws MetaplastError where the disk refuses it.
 */
export function mendHeads(directory: string, listings: Readonly<Record<string, FileListing>>): string[] {
  return Object.entries(listings).flatMap(([file, { npy }]) => {
    const at = path.join(directory, file);
    return npy === undefined || mended(at, npy) === false ? [] : [at];
  });
}

function mended(file: string, npy: NonNullable<FileListing['npy']>): boolean {
  try {
    const descriptor = fs.openSync(file, 'r+');
    try {
      if (hasHead(descriptor, npy, true)) return false;
      writeFully(descriptor, headOf(npy, npy.shape[0]!), 0);
      fs.fsyncSync(descriptor);
      return true;
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    throw writeFailure(file, error);
  }
}
