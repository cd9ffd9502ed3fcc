import fs from 'node:fs';

/** By what it is seen that a file has changed. */
export interface Stamp {
  /** The same for as long as the file is; `none` where there is none. */
  readonly text: string;
  /** When it was changed, in milliseconds since 1970; 0 where there is none. */
  readonly changed: number;
}

const none: Stamp = { text: 'none', changed: 0 };

/** The stamp of what lies at a path, which opens nothing. */
export function stampOf(at: string): Stamp {
  try {
    const stats = fs.statSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return none;
    return { text: `${stats.dev}.${stats.ino}.${stats.size}.${stats.mtimeMs}`, changed: stats.mtimeMs };
  } catch (error) {
    // A link to itself, a folder that may not be entered.
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
