import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { codeOf, writeFailure } from './file-failures';

/**
 * Writes a file so that at any moment, a kill or a power cut included, the path holds either what it held before or
 * the whole new content: the data goes to a hidden file beside it, is synced, renamed, and the folder is synced.
 * @param target The file's path; its folder must exist.
 * @param data The whole new content; a string is written as UTF-8, several pieces one behind the other.
 * @throws InputError where the path is wrong or may not be written, MetaplastError where the disk is full or fails.
 */
export function writeDurably(target: string, data: string | Uint8Array | readonly Uint8Array[]): void {
  const aside = asideName(target);
  try {
    const descriptor = fs.openSync(aside, 'wx');
    try {
      let position = 0;
      for (const piece of piecesOf(data)) {
        writeFully(descriptor, piece, position);
        position += piece.byteLength;
      }
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    checkMayWrite();
    fs.renameSync(aside, target);
    syncFolder(path.dirname(target));
  } catch (error) {
    fs.rmSync(aside, { force: true });
    throw writeFailure(target, error);
  }
}

function piecesOf(data: string | Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  if (typeof data === 'string') return [Buffer.from(data, 'utf8')];
  return data instanceof Uint8Array || ArrayBuffer.isView(data) ? [data as Uint8Array] : data;
}

/** A name of its own, hidden, in the target's folder: `.<name>.<pid>-<random>.tmp`. */
export function asideName(target: string): string {
  const unique = `${process.pid}-${randomBytes(6).toString('hex')}`;
  return path.join(path.dirname(target), `.${path.basename(target)}.${unique}.tmp`);
}

/** Whether a file name is one that a killed `writeDurably` left behind for a target whose name matches. */
export function isAsideName(name: string, target: RegExp): boolean {
  const parts = /^\.(.+)\.\d+-[0-9a-f]{12}\.tmp$/.exec(name);
  return parts !== null && target.test(parts[1]!);
}

let checkMayWrite: () => void = () => {};

/**
 * From now on, `check` is called before each durable write of this process; it stops what must not write any more.
 * @returns What ends that.
 */
export function guardWrites(check: () => void): () => void {
  checkMayWrite = check;
  return () => {
    checkMayWrite = () => {};
  };
}

/** Writes every byte at `position` (bytes from the file's start), however many calls the system needs for it. */
export function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  checkMayWrite();
  let done = 0;
  while (done < bytes.byteLength) {
    done += fs.writeSync(descriptor, bytes, done, bytes.byteLength - done, position + done);
  }
}

/** Makes names that were created, renamed or removed in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // Folders cannot be opened there.
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    // Some file systems (shared and network folders) have no sync for folders; nothing more can be done there.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error))) throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}
