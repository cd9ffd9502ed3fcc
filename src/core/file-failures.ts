import { InputError, MetaplastError } from './errors';

/** The system's name of an error (`ENOENT`), or an empty string. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? '';
}

const wrongPaths: Record<string, string> = {
  ENOTDIR: 'A part of the path is a file: name a folder instead',
  ENAMETOOLONG: 'The name is too long: shorten it',
  ELOOP: 'A link in the path leads back to itself: remove it, or name another path',
};

const wrongTargets: Record<string, string> = {
  ...wrongPaths,
  ENOENT: 'Its folder does not exist: create it, or name another',
  EISDIR: 'A folder has this name: remove it, or name another file',
  EEXIST: 'A file or folder of this name is in the way: remove it, or name another',
  ENOTEMPTY: 'A folder has this name: remove it, or name another file',
  EACCES: 'You may not write there: change the permissions, or name another folder',
  EPERM: 'You may not write there: change the permissions, or name another folder',
  EROFS: 'The file system is read-only: name another folder',
};

const wrongSources: Record<string, string> = {
  ...wrongPaths,
  ENOENT: 'It does not exist: name another',
  EISDIR: 'It is a folder: name a file',
  EACCES: 'You may not read it: change its permissions',
  EPERM: 'You may not read it: change its permissions',
};

const failures: Record<string, string> = {
  ENOSPC: 'The disk is full: free some space and try again; what the file held before is intact',
  EDQUOT: 'Your disk quota is used up: free some space and try again; what the file held before is intact',
  EFBIG: 'The file would be larger than is allowed (ulimit -f), or than the disk can hold: raise the limit',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n)',
  EIO: 'The disk reported an error: check it before trusting what it holds',
};

function failure(what: string, error: unknown, wrong: Readonly<Record<string, string>>): MetaplastError {
  if (error instanceof MetaplastError) return error;
  const code = codeOf(error);
  const reason = (error as Error | null)?.message ?? String(error);
  const advice = wrong[code] ?? failures[code] ?? 'Check the disk and the path, then try again';
  const report = { what: `${what}: ${reason}`, advice };
  const typed = code in wrong ? new InputError(report) : new MetaplastError(report);
  typed.cause = error;
  return typed;
}

/** The typed error, with advice, for a write to `target` that the system refused. Typed errors pass unchanged. */
export function writeFailure(target: string, error: unknown): MetaplastError {
  return failure(`Cannot write "${target}"`, error, wrongTargets);
}

/** The same for a file that cannot be read. */
export function readFailure(source: string, error: unknown): MetaplastError {
  return failure(`Cannot read "${source}"`, error, wrongSources);
}
