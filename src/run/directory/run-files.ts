import fs from 'node:fs';
import path from 'node:path';
import { InputError } from '../../core/errors';
import { codeOf } from '../../core/file-failures';
import type { FileListing } from '../../core/file-listing';
import { difference, readListed } from './file-check';
import { directoryFormat, type Manifest, parseManifest } from './manifest';
import { remedyFor } from './remedy';

/** The name of the file that lists all others. */
export const manifestName = 'manifest.json';

/** A file that is not as the run wrote it. */
export interface Damage {
  /** From the run directory on. */
  readonly file: string;
  /** What is wrong with it, as the rest of a sentence that begins with its name. */
  readonly reason: string;
}

/** The manifest is missing or not whole, so that nothing says what a run directory should hold. */
export class ManifestError extends InputError {
  constructor(
    directory: string,
    readonly reason: string,
  ) {
    super({
      what: `"${path.join(directory, manifestName)}" ${reason}, so nothing says whether the run's files are whole`,
      advice: remedyFor(directory, manifestName, null),
    });
  }
}

/**
 * A run directory to be read: each file is held against what the manifest says that the run wrote, before anything in it is believed. Files
 * that the manifest does not list are the user's own.
 */
export class RunFiles {
  private constructor(
    readonly directory: string,
    private text: string,
    private current: Manifest,
  ) {}

  /**
   * @throws InputError where the path is no run directory, or one of another format; ManifestError where its manifest is not whole.
   */
  static open(directory: string): RunFiles {
    checkDirectory(directory);
    const [text, manifest] = readManifest(directory);
    return new RunFiles(directory, text, manifest);
  }

  get manifest(): Manifest {
    return this.current;
  }

  /** Whether the run has written this file. */
  has(file: string): boolean {
    const { files, writing } = this.current;
    return Object.hasOwn(files, file) || (Object.hasOwn(writing, file) && fs.existsSync(this.pathOf(file)));
  }

  /** The files that the run has written, whose paths match. */
  list(pattern: RegExp): string[] {
    const { files, writing } = this.current;
    const names = new Set([...Object.keys(files), ...Object.keys(writing)]);
    return [...names].filter((file) => pattern.test(file) && this.has(file)).sort();
  }

  /** How a file is listed. */
  listing(file: string): FileListing | undefined {
    return this.legal(file)[0];
  }

  /**
   * What a file holds.
   * @throws InputError where it is not as the run wrote it, with what can still be done.
   */
  read(file: string): Buffer {
    const held = this.retrying(() => readListed(this.pathOf(file), this.legal(file)));
    if (typeof held === 'string') throw this.refusal({ file, reason: held });
    return held;
  }

  /** @throws InputError as `read` does; for a file that is too large to be read as a whole. */
  check(file: string): void {
    const reason = this.reasonOf(file);
    if (reason !== null) throw this.refusal({ file, reason });
  }

  /**
   * Every file that is not as the run wrote it.
   * @param growing Whether those that grow are looked at too; default true.
   */
  damages({ growing = true } = {}): Damage[] {
    const looked = this.list(/./).filter((file) => growing || this.listing(file)?.grows !== true);
    return looked.flatMap((file) => {
      const reason = this.reasonOf(file);
      return reason === null ? [] : [{ file, reason }];
    });
  }

  /** The error for such a file, with what can still be done. */
  refusal({ file, reason }: Damage): InputError {
    return new InputError({
      what: `"${this.pathOf(file)}" ${reason}`,
      advice: remedyFor(this.directory, file, this.current),
    });
  }

  private pathOf(file: string): string {
    return path.join(this.directory, file);
  }

  private reasonOf(file: string): string | null {
    const goesOn = this.current.state === 'running';
    return this.retrying(() => {
      const reasons = this.legal(file).map((listing) => difference(this.pathOf(file), listing, { goesOn }));
      return reasons.includes(null) ? null : (reasons[0] ?? 'is not among what the run has safely written');
    });
  }

  private legal(file: string): FileListing[] {
    const { files, writing } = this.current;
    return [files, writing].flatMap((listings) => (Object.hasOwn(listings, file) ? [listings[file]!] : []));
  }

  /** Reads the manifest again; whether a process has written it anew since it was read last. */
  refresh(): boolean {
    const [text, manifest] = readManifest(this.directory);
    if (text === this.text) return false;
    [this.text, this.current] = [text, manifest];
    return true;
  }

  /** Looks again for as long as a process at work on the run writes a new manifest between two looks. */
  private retrying<T>(look: () => T | string): T | string {
    for (let tries = 0; ; tries++) {
      const found = look();
      if (typeof found !== 'string' || tries === mostTries || !this.refresh()) return found;
    }
  }
}

const mostTries = 100;

function readManifest(directory: string): [text: string, manifest: Manifest] {
  let text: string;
  try {
    text = fs.readFileSync(path.join(directory, manifestName), 'utf8');
  } catch (error) {
    checkConfig(directory);
    const missing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
    throw new ManifestError(
      directory,
      missing ? 'is missing' : `cannot be read: ${(error as Error).message}`,
    );
  }
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') throw new ManifestError(directory, manifest);
  if (typeof manifest === 'number') throw otherFormat(directory, manifest);
  return [text, manifest];
}

/** @throws InputError unless a directory without a manifest is a run of this format that has lost it. */
function checkConfig(directory: string): void {
  let text: string;
  try {
    text = fs.readFileSync(path.join(directory, 'config.json'), 'utf8');
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    throw noRun(
      directory,
      missing
        ? 'is no run directory: config.json is missing in it'
        : `has a config.json that cannot be read: ${(error as Error).message}`,
    );
  }
  let format: unknown;
  try {
    format = (JSON.parse(text) as { format?: unknown } | null)?.format;
  } catch (error) {
    throw noRun(
      directory,
      `has no manifest.json, and its config.json is no JSON: ${(error as Error).message}`,
    );
  }
  if (format !== directoryFormat) throw otherFormat(directory, format ?? 1);
}

function otherFormat(directory: string, format: unknown): InputError {
  return new InputError({
    what: `The run in "${directory}" was written in another format, by another version of metaplast`,
    got: format,
    legal: String(directoryFormat),
    advice:
      'Read it with that version. Its traces open in NumPy, its metrics and summary are JSON, its figures are in plots/; to have it in this format, run it again',
  });
}

function noRun(directory: string, problem: string): InputError {
  return new InputError({
    what: `"${directory}" ${problem}`,
    advice: 'Name a run directory, such as runs/2026-01-31-boston-smoke-s1',
  });
}

function checkDirectory(directory: string): void {
  let stats: fs.Stats | undefined;
  try {
    stats = fs.statSync(directory, { throwIfNoEntry: false });
  } catch (error) {
    throw noRun(directory, `cannot be read: ${(error as Error).message}`);
  }
  if (stats === undefined) throw noRun(directory, 'does not exist');
  if (!stats.isDirectory()) throw noRun(directory, 'is a file, not a run directory');
}
