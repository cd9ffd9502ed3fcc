import fs from 'node:fs';
import path from 'node:path';
import { wholeNumber } from '../../core/checks';
import { isAsideName, syncFolder } from '../../core/durable-file';
import { InputError } from '../../core/errors';
import { codeOf, writeFailure } from '../../core/file-failures';
import { makeFolder } from '../../core/make-folder';
import { resumeCommandOf } from './commands-of';
import { removeDeadAttempts } from './run-lock';

export { lockRunDirectory } from './run-lock';

/** What a run directory is named after. */
export interface RunIdentity {
  /** The folder that holds all run directories; made where it is missing. */
  readonly runs: string;
  readonly scenario: string;
  /** The user's own name for this run; the preset's where left out. */
  readonly name?: string;
  readonly preset: string;
  readonly seed: number;
  /** The day of the run, in local time; today where left out. */
  readonly date?: Date;
}

const subfolders = ['checkpoints', 'traces', 'plots'];

/**
 * Makes `<runs>/<YYYY-MM-DD>-<scenario>-<name>-s<seed>` with `checkpoints/`, `traces/` and `plots/` in it. Two processes
 * never get the same one.
 * @returns Its path. Without a name of the user's, `-2`, `-3`, ... is added to the preset until the directory is new.
 * @throws InputError where a name is illegal, or the directory of an explicit name exists: none is ever overwritten.
 */
export function createRunDirectory(identity: RunIdentity): string {
  const { runs, scenario, preset, seed, date = new Date() } = identity;
  const name = identity.name ?? preset;
  checkName("The scenario's name", scenario);
  checkName(identity.name === undefined ? "The preset's name" : "The run's name (--name)", name);
  wholeNumber('seed', seed);
  return createFolder({
    runs,
    folder: (numbered) => `${dayOf(date)}-${scenario}-${numbered}-s${seed}`,
    name,
    isChosen: identity.name !== undefined,
    make: madeAlone,
    taken,
  });
}

/** A folder to be made in the folder of runs, under a name that nothing has yet. */
export interface NewFolder {
  /** The folder of runs; made where it is missing. */
  readonly runs: string;
  /** What the folder is called where its own name is this. */
  readonly folder: (name: string) => string;
  readonly name: string;
  /** Whether the name is the user's: then no number is added to it. */
  readonly isChosen: boolean;
  /** Makes it; false where it is there already. */
  readonly make: (directory: string) => boolean;
  /** The error where the user's name is taken. */
  readonly taken: (directory: string) => InputError;
}

/** Makes such a folder. Two processes never get the same one. */
export function createFolder({ runs, folder, name, isChosen, make, taken }: NewFolder): string {
  makeFolder(runs);
  for (let attempt = 1; ; attempt++) {
    const directory = path.join(runs, folder(attempt === 1 ? name : `${name}-${attempt}`));
    if (make(directory)) return directory;
    if (isChosen) throw taken(directory);
  }
}

/**
 * Makes a run directory of this very path.
 * @throws InputError where it exists.
 */
export function makeRunDirectory(directory: string): string {
  if (!madeAlone(directory)) throw taken(directory);
  return directory;
}

/** Whether the run directory was new, and is now this process's. */
const madeAlone = (directory: string): boolean => madeNew(directory, subfolders);

/** Makes a folder with folders in it; false where it is there already. */
export function madeNew(directory: string, folders: readonly string[]): boolean {
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw writeFailure(directory, error);
  }
  try {
    for (const folder of folders) fs.mkdirSync(path.join(directory, folder));
    syncFolder(directory);
    syncFolder(path.dirname(directory));
  } catch (error) {
    throw writeFailure(directory, error);
  }
  return true;
}

function taken(directory: string): InputError {
  const isRun = fs.existsSync(path.join(directory, 'config.json'));
  return new InputError({
    what: `The run directory "${directory}" exists already, and none is ever overwritten`,
    advice: isRun
      ? `Choose another --name, or go on with it:\n  ${resumeCommandOf(directory)}`
      : 'It holds no run that could be resumed: choose another --name, or remove it',
  });
}

/** @throws InputError where a name cannot be part of that of a folder. */
export function checkName(what: string, name: string): void {
  if (/^[A-Za-z0-9._-]{1,80}$/.test(name)) return;
  throw new InputError({
    what: `${what} cannot be part of a folder's name`,
    got: name,
    legal: '1 to 80 letters, digits, dots, dashes and underscores',
  });
}

/** `2026-01-31`, in local time. */
export function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Removes what killed processes left half written, and makes folders that are missing. To be called by the holder of the directory's lock. */
export function removeLeftovers(directory: string): void {
  removeDeadAttempts(directory);
  for (const folder of subfolders) makeFolder(path.join(directory, folder));
  for (const file of fs.readdirSync(directory, { recursive: true }) as string[])
    if (isAsideName(path.basename(file), /^(?!lock$)/))
      fs.rmSync(path.join(directory, file), { force: true });
}
