import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { InputError, MetaplastError } from './errors';

/**
 * Writes a file so that at any moment, a kill or a power cut included, the path holds either what it held before or
 * the whole new content: the data goes to a hidden file beside it, is synced, renamed, and the folder is synced.
 * @param target The file's path; its folder must exist.
 * @param data The whole new content; a string is written as UTF-8.
 * @throws InputError where the path is wrong or may not be written, MetaplastError where the disk is full or fails.
 */
export function writeDurably(target: string, data: string | Uint8Array): void {
  const aside = asideName(target);
  try {
    const descriptor = fs.openSync(aside, 'wx');
    try {
      writeFully(descriptor, typeof data === 'string' ? Buffer.from(data, 'utf8') : data, 0);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(aside, target);
    syncFolder(path.dirname(target));
  } catch (error) {
    fs.rmSync(aside, { force: true });
    throw writeFailure(target, error);
  }
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

/** Writes every byte at `position` (bytes from the file's start), however many calls the system needs for it. */
export function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
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

/** The system's name of an error (`ENOENT`), or an empty string. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? '';
}

const wrongInput: Record<string, string> = {
  ENOENT: 'Its folder does not exist: create it, or name another',
  ENOTDIR: 'A part of the path is a file: name a folder instead',
  EISDIR: 'A folder has this name: remove it, or name another file',
  EEXIST: 'A file or folder of this name is in the way: remove it, or name another',
  EACCES: 'You may not write there: change the permissions, or name another folder',
  EPERM: 'You may not write there: change the permissions, or name another folder',
  EROFS: 'The file system is read-only: name another folder',
  ENAMETOOLONG: 'The name is too long: shorten it',
};

const failures: Record<string, string> = {
  ENOSPC: 'The disk is full: free some space and try again; what the file held before is intact',
  EDQUOT: 'Your disk quota is used up: free some space and try again; what the file held before is intact',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n)',
  EIO: 'The disk reported an error: check it before trusting what it holds',
};

/** The typed error, with advice, for a write to `target` that the system refused. Typed errors pass unchanged. */
export function writeFailure(target: string, error: unknown): MetaplastError {
  if (error instanceof MetaplastError) return error;
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  const report = {
    what: `Cannot write "${target}": ${reason}`,
    advice: wrongInput[code] ?? failures[code] ?? 'Check the disk and the path, then try again',
  };
  const failure = code in wrongInput ? new InputError(report) : new MetaplastError(report);
  failure.cause = error;
  return failure;
}
