import fs from 'node:fs';
import path from 'node:path';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { z } from 'zod';
import { sha256 } from '../../core/checksum';
import { InputError } from '../../core/errors';
import { readFailure } from '../../core/file-failures';
import { checkNotInterrupted } from '../../core/interruption';
import { makeFolder } from '../../core/make-folder';
import { aFunction, anAbortSignal, validate } from '../../core/validate';
import type { DataFile } from '../images/unpacked-file';
import { omniglot } from '../sets/catalogue';
import { dataRoots, fileOf, openDataSet } from '../sets/data-folder';
import { decodeArchive, drawingsOfEach, ink, type OmniglotPart, omniglotParts, smallSide } from './archives';
import { checksumOf, type Decoded, readCache, writeCache } from './cache';
import type { CharacterSet } from './character-set';

/** Where Omniglot is, and who hears how it is decoded. */
export interface OmniglotOptions {
  /** The folder with its archives. Where left out: `omniglot` in METAPLAST_DATA, or else in `./data`. */
  readonly folder?: string;
}

/** What decoding tells on its way. */
export interface PrepareOmniglotOptions extends OmniglotOptions {
  readonly signal?: AbortSignal;
  /** A line for people. */
  readonly say?: (line: string) => void;
  /** How many of all drawings have been read. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Both parts of Omniglot. */
export interface Omniglot {
  /** 964 characters of 30 alphabets to learn from. */
  readonly background: CharacterSet;
  /** 659 characters of 20 other alphabets to judge by. */
  readonly evaluation: CharacterSet;
}

const options = z.strictObject({ folder: z.string().min(1).optional() });
const prepareOptions = options.extend({
  signal: anAbortSignal.optional(),
  say: aFunction<(line: string) => void>().optional(),
  onProgress: aFunction<(done: number, total: number) => void>().optional(),
});

const cacheName = `decoded-${smallSide}x${smallSide}.cache`;

/**
 * Makes Omniglot ready: where no whole cache of these archives is there, decodes them (some seconds), and keeps the drawings, 28 x 28 pixels of a byte
 * each, in a cache of 25 MB beside the archives; or, where that folder may not be written to, in `omniglot` of METAPLAST_DATA or of `./data`; or, where no folder may, in memory alone.
 * @throws InputError where archives are missing (with the command that gets them), or not what they must be; Interruption.
 */
export async function prepareOmniglot(given: PrepareOmniglotOptions = {}): Promise<Omniglot> {
  const { folder, signal, say, onProgress } = validate(
    prepareOptions,
    given,
    'the options of prepareOmniglot',
  );
  const archives = archivesIn(folder);
  const opened = openDecoded(archives, say);
  if (opened !== null) return setsOf(opened);
  say?.('omniglot: decoding the archives, once');
  const decoded = await decode(archives, signal, onProgress);
  const kept = keep(decoded, archives, say);
  if (kept === null)
    say?.('omniglot: no folder for the cache may be written to; the drawings are in memory alone');
  else say?.(`omniglot: decoded into "${kept}"`);
  share(archives, decoded);
  return setsOf(decoded);
}

/**
 * Omniglot as `prepareOmniglot` has left it. Threads that this one starts later share its memory: they open it without a copy.
 * @throws InputError where archives are missing, or have not been decoded, with the command that does it.
 */
export function openOmniglot(given: OmniglotOptions = {}): Omniglot {
  const { folder } = validate(options, given, 'the options of openOmniglot');
  const archives = archivesIn(folder);
  const opened = openDecoded(archives);
  if (opened !== null) return setsOf(opened);
  throw new InputError({
    what: `Omniglot's archives in "${path.dirname(archives.background.path)}" have not been decoded`,
    advice:
      'Decode them, which takes some seconds: `metaplast data get omniglot`, or await prepareOmniglot()',
  });
}

/**
 * Looks whether Omniglot's archives are there; reads nothing of them.
 * @throws InputError where one is missing, with the command that gets it.
 */
export function findOmniglot(given: OmniglotOptions = {}): void {
  archivesIn(validate(options, given, 'the options of findOmniglot').folder);
}

type Archives = Readonly<Record<OmniglotPart, DataFile>>;

function archivesIn(named: string | undefined): Archives {
  const folder = openDataSet(omniglot, named);
  const archive = (part: OmniglotPart) => fileOf(omniglot, folder, omniglotParts[part].archive);
  return { background: archive('background'), evaluation: archive('evaluation') };
}

/** From memory, or from the first whole cache. @param say Hears why a cache is not used. */
function openDecoded(archives: Archives, say?: (line: string) => void): Decoded | null {
  const shared = getEnvironmentData(sharedName(archives)) as unknown as Decoded | undefined;
  if (shared !== undefined) return shared;
  const sums = sumsOf(archives);
  for (const file of cachePlaces(archives)) {
    const read = readCache(file, sums);
    if (read === null) continue;
    if ('decoded' in read) {
      share(archives, read.decoded);
      return read.decoded;
    }
    say?.(`omniglot: the cache "${file}" cannot be used, and is made again: ${read.why}`);
  }
  return null;
}

/** Threads inherit what is so named when they start; the pixels are shared, not copied. */
function share(archives: Archives, decoded: Decoded): void {
  setEnvironmentData(sharedName(archives), decoded as never);
}

/** These archives, as long as nobody writes them anew. */
function sharedName(archives: Archives): string {
  const known = Object.values(archives).map(({ path: file }) => {
    const { size, mtimeMs } = fs.statSync(file);
    return [path.resolve(file), size, mtimeMs];
  });
  return `metaplast omniglot ${JSON.stringify(known)}`;
}

function sumsOf(archives: Archives): Record<string, string> {
  const sum = (part: OmniglotPart) => {
    try {
      return [omniglotParts[part].archive, sha256(fs.readFileSync(archives[part].path))];
    } catch (error) {
      throw readFailure(archives[part].path, error);
    }
  };
  return Object.fromEntries([sum('background'), sum('evaluation')]);
}

/** Where a cache may be: beside the archives, or in the folder of another place where data sets are looked for. */
function cachePlaces(archives: Archives): string[] {
  const beside = path.dirname(archives.background.path);
  const folders = [beside, ...dataRoots().map((root) => path.join(root, omniglot.name))];
  return [...new Set(folders)].map((folder) => path.join(folder, cacheName));
}

async function decode(
  archives: Archives,
  signal: AbortSignal | undefined,
  onProgress: PrepareOmniglotOptions['onProgress'],
): Promise<Decoded> {
  const sums = sumsOf(archives);
  const total = (omniglotParts.background.most + omniglotParts.evaluation.most) * drawingsOfEach;
  let before = 0;
  const one = async (part: OmniglotPart) => {
    const told = (drawings: number): void => onProgress?.(before + drawings, total);
    const decoded = await decodeArchive(part, archives[part], { signal, onProgress: told });
    before += decoded.characters.length * drawingsOfEach;
    return decoded;
  };
  const [background, evaluation] = [await one('background'), await one('evaluation')];
  checkNotInterrupted(signal);
  const header = {
    archives: sums,
    parts: { background: background.characters, evaluation: evaluation.characters },
  };
  const pixels = new Uint8Array(new SharedArrayBuffer(background.pixels.length + evaluation.pixels.length));
  pixels.set(background.pixels);
  pixels.set(evaluation.pixels, background.pixels.length);
  return { header, pixels, checksum: checksumOf(header, pixels) };
}

/** Writes the cache in the first folder that takes it. @returns its path, or null where none does. */
function keep(decoded: Decoded, archives: Archives, say?: (line: string) => void): string | null {
  for (const file of cachePlaces(archives)) {
    const folder = path.dirname(file);
    if (isReadOnly(folder)) continue;
    try {
      makeFolder(folder);
      writeCache(file, decoded);
      return file;
    } catch (error) {
      say?.(`omniglot: ${(error as Error).message}`);
    }
  }
  return null;
}

/** Whether nobody is to write there, which the system lets some do all the same. */
function isReadOnly(folder: string): boolean {
  const mode = fs.statSync(folder, { throwIfNoEntry: false })?.mode;
  return mode !== undefined && (mode & 0o222) === 0;
}

function setsOf({ header: { parts }, pixels, checksum }: Decoded): Omniglot {
  const bytes = parts.background.length * drawingsOfEach * smallSide * smallSide;
  const part = (name: OmniglotPart, from: number, to?: number): CharacterSet => {
    const { most } = omniglotParts[name];
    const characters = parts[name];
    const which = characters.length === most ? '' : `, ${characters.length} of ${most} characters`;
    return {
      name: `omniglot ${name}${which}`,
      characters,
      drawings: drawingsOfEach,
      side: smallSide,
      pixels: new Uint8Array(pixels.buffer, pixels.byteOffset + from, (to ?? pixels.length) - from),
      ink,
      checksum,
    };
  };
  return { background: part('background', 0, bytes), evaluation: part('evaluation', bytes) };
}
