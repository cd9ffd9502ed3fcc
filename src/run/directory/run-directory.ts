import fs from 'node:fs';
import path from 'node:path';
import { wholeNumber } from '../../core/checks';
import { codeOf, isAsideName, syncFolder, writeDurably, writeFailure } from '../../core/durable-file';
import { InputError } from '../../core/errors';
import { resumeCommandOf } from './resume-command';
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

/** What `config.json` holds, at least. */
export interface RunConfig {
  readonly scenario: string;
  readonly preset: string;
  readonly seed: number;
  /** The scenario's own configuration, resolved. */
  readonly config: Record<string, unknown>;
}

/** All that the `config.json` of a run directory holds. */
type StoredRun = RunConfig & Readonly<Record<string, unknown>>;

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
  try {
    fs.mkdirSync(runs, { recursive: true });
  } catch (error) {
    throw writeFailure(runs, error);
  }
  for (let attempt = 1; ; attempt++) {
    const numbered = attempt === 1 ? name : `${name}-${attempt}`;
    const directory = path.join(runs, `${dayOf(date)}-${scenario}-${numbered}-s${seed}`);
    if (madeAlone(directory)) return directory;
    if (identity.name !== undefined) throw taken(directory);
  }
}

/** Whether the directory was new, and is now this process's. */
function madeAlone(directory: string): boolean {
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw writeFailure(directory, error);
  }
  try {
    for (const folder of subfolders) fs.mkdirSync(path.join(directory, folder));
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

function checkName(what: string, name: string): void {
  if (/^[A-Za-z0-9._-]{1,80}$/.test(name)) return;
  throw new InputError({
    what: `${what} cannot be part of a folder's name`,
    got: name,
    legal: '1 to 80 letters, digits, dots, dashes and underscores',
  });
}

function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * What the `config.json` of a run directory holds; changes nothing in it.
 * @throws InputError saying what is missing, where the path is no run directory with a whole `config.json`.
 */
export function openRunDirectory(directory: string): StoredRun {
  const refuse = (problem: string, got?: unknown, legal?: string): InputError =>
    new InputError({
      what: `"${directory}" ${problem}`,
      ...(got === undefined ? {} : { got }),
      legal,
      advice: 'Name a run directory, such as runs/2026-01-31-boston-smoke-s1',
    });
  const stats = fs.statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) throw refuse('does not exist');
  if (!stats.isDirectory()) throw refuse('is a file, not a run directory');
  let text: string;
  try {
    text = fs.readFileSync(path.join(directory, 'config.json'), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw refuse('is no run directory: config.json is missing in it');
    throw refuse(`has a config.json that cannot be read: ${(error as Error).message}`);
  }
  let file: StoredRun | null;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw refuse(`has a config.json that is no JSON: ${(error as Error).message}`);
  }
  const { scenario, preset, seed, config } = file ?? ({} as Partial<RunConfig>);
  const lacks = (field: string, legal: string) =>
    refuse(`has a config.json without a legal "${field}"`, undefined, legal);
  if (typeof scenario !== 'string') throw lacks('scenario', 'a string');
  if (typeof preset !== 'string') throw lacks('preset', 'a string');
  if (!Number.isSafeInteger(seed) || seed! < 0) throw lacks('seed', 'a whole number');
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw lacks('config', 'an object');
  return file!;
}

/** Removes what killed processes left half written. To be called by the holder of the directory's lock. */
export function removeLeftovers(directory: string): void {
  removeDeadAttempts(directory);
  for (const folder of [directory, ...subfolders.map((name) => path.join(directory, name))]) {
    if (!fs.existsSync(folder)) continue;
    const left = fs.readdirSync(folder).filter((name) => isAsideName(name, /^(?!lock$)/));
    for (const name of left) fs.rmSync(path.join(folder, name), { force: true });
  }
}

/**
 * Writes a value as JSON for people too: two spaces, a newline at the end; whole or not at all.
 * @throws InputError where the value has no JSON form, or as `writeDurably` does.
 */
export function writeJson(file: string, value: unknown): void {
  let text: string | undefined;
  let why = `it is ${typeof value}`;
  try {
    text = JSON.stringify(value, null, 2);
  } catch (error) {
    why = (error as Error).message;
  }
  if (text === undefined) throw new InputError({ what: `"${file}" cannot be written as JSON: ${why}` });
  writeDurably(file, `${text}\n`);
}
