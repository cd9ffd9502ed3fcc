import type { Hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { wholeNumber } from '../../core/checks';
import { hashPart } from '../../core/checksum';
import { syncFolder, writeFully } from '../../core/durable-file';
import { CheckpointError } from '../../core/errors';
import { codeOf, writeFailure } from '../../core/file-failures';
import type { FileListing } from '../../core/file-listing';
import { GrowingFile } from '../../core/growing-file';

/**
 * A file that only grows, and whose length is known, such as `metrics.ndjson`. A checkpoint remembers `bytes`, after
 * `sync`; the resumed run cuts the file back to that length and goes on, so no line is lost, torn or written twice.
 */
export class AppendFile extends GrowingFile {
  private length: number;

  private constructor(
    path: string,
    descriptor: number,
    length: number,
    private readonly hash: Hash,
  ) {
    super(path, descriptor);
    this.length = length;
  }

  /**
   * Opens a file to append to, and makes it where it is missing.
   * @param path Its folder must exist.
   * @param keepBytes How many bytes to keep, when resuming; all that the file holds where left out.
   * @throws CheckpointError where the file is shorter than `keepBytes`, InputError where it cannot be written.
   */
  static open(path: string, keepBytes?: number): AppendFile {
    if (keepBytes !== undefined) wholeNumber('keepBytes', keepBytes);
    let descriptor: number | null = null;
    try {
      descriptor = openOrCreate(path);
      const held = fs.fstatSync(descriptor).size;
      const kept = keepBytes ?? held;
      if (held < kept) {
        throw new CheckpointError({
          what: `"${path}" is shorter than when the checkpoint was written`,
          got: `${held} bytes`,
          legal: `at least ${kept} bytes`,
          advice: 'Restore the file, or start the run anew',
        });
      }
      if (held > kept) {
        fs.ftruncateSync(descriptor, kept);
        fs.fsyncSync(descriptor);
      }
      return new AppendFile(path, descriptor, kept, hashPart(descriptor, 0, kept));
    } catch (error) {
      if (descriptor !== null) fs.closeSync(descriptor);
      throw writeFailure(path, error);
    }
  }

  /** The file's length in bytes. */
  get bytes(): number {
    return this.length;
  }

  /**
   * Adds to the end; a string as UTF-8. It survives the end of this process at once, a power cut after `sync`.
   * @throws MetaplastError where the disk refuses it or the file was closed; nothing of it is kept then.
   */
  append(data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    const descriptor = this.opened();
    try {
      writeFully(descriptor, bytes, this.length);
    } catch (error) {
      this.cutTo(descriptor, this.length);
      throw writeFailure(this.path, error);
    }
    this.length += bytes.byteLength;
    this.hash.update(bytes);
  }

  listing(): FileListing {
    return { bytes: this.length, sha256: this.hash.copy().digest('hex'), grows: true };
  }

  private cutTo(descriptor: number, length: number): void {
    try {
      fs.ftruncateSync(descriptor, length);
    } catch {} // What was refused before is what is told; a resumed run cuts the rest.
  }

  protected bringToDisk(): void {
    try {
      fs.fsyncSync(this.opened());
    } catch (error) {
      throw writeFailure(this.path, error);
    }
  }
}

/** Opens for reading and writing without emptying the file. */
function openOrCreate(file: string): number {
  try {
    return fs.openSync(file, 'r+');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const descriptor = fs.openSync(file, 'wx+');
  syncFolder(path.dirname(file));
  return descriptor;
}
