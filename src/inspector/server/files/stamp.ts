import fs from 'node:fs';
import path from 'node:path';
import { type Enclosure, FileProblem } from './enclosure';

/** By what it is seen that a file has changed. */
export interface Stamp {
  /** The same for as long as the file is; `none` where there is none. */
  readonly text: string;
  /** When it was changed, in milliseconds since 1970; 0 where there is none. */
  readonly changed: number;
}

const none: Stamp = { text: 'none', changed: 0 };

/**
 * The stamp of what lies at a path of a folder, which opens nothing. Of a link that leads to a file in the folder it is that file's; one that
 * leads out is not followed.
 */
export function stampOf(enclosure: Enclosure, relative: string): Stamp {
  const at = path.join(enclosure.root, relative);
  try {
    let stats = fs.lstatSync(at, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) stats = fs.lstatSync(enclosure.real(relative), { throwIfNoEntry: false });
    if (stats === undefined) return none;
    return { text: `${stats.dev}.${stats.ino}.${stats.size}.${stats.mtimeMs}`, changed: stats.mtimeMs };
  } catch (error) {
    if (error instanceof FileProblem) return { text: error.reason, changed: 0 };
    // A folder that may not be entered.
    return { text: (error as NodeJS.ErrnoException).code ?? 'unknown', changed: 0 };
  }
}

/** Whether anything has the name, a link to nothing included. */
export function isThere(at: string): boolean {
  try {
    return fs.lstatSync(at, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
