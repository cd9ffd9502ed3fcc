import fs from 'node:fs';
import path from 'node:path';
import { wholeNumber } from '../../core/checks';
import { isAsideName, syncFolder, writeDurably } from '../../core/durable-file';
import { CheckpointError } from '../../core/errors';
import { codeOf, writeFailure } from '../../core/file-failures';
import type { FileListing } from '../../core/file-listing';
import { makeFolder } from '../../core/make-folder';
import { decodeState, statePieces } from './state-codec';

const pattern = /^\d{6,16}\.ckpt$/;
const nameOf = (position: number) => `${String(position).padStart(6, '0')}.ckpt`;
/** The path of a checkpoint, from the run directory on. */
export const checkpointFile = (position: number): string => `checkpoints/${nameOf(position)}`;
const positionOf = (name: string) => Number.parseInt(name, 10);
const digestBytes = 32;

/** Files that this process wrote or found whole, with how they are listed: they need not be read again before older ones are deleted. */
const known = new Map<string, FileListing>();

/** A checkpoint that could not be used, and why. */
interface RefusedCheckpoint {
  readonly file: string;
  readonly reason: string;
}

/** What was there when a checkpoint was written, and has to be there still where a run goes on from it. */
export interface Past {
  /** What each growing file held, by its path from the run directory on. */
  readonly files: Readonly<Record<string, FileListing>>;
  /** The checksum of `config.json`. */
  readonly settings: string;
}

const nothing: Past = { files: {}, settings: '' };

/** A checkpoint that can be trusted. */
export interface Checkpoint {
  /** How far the run had come, in its own unit (tasks, meta-steps). */
  readonly position: number;
  readonly state: unknown;
  readonly past: Past;
}

/** The newest of them. */
export interface NewestCheckpoint extends Checkpoint {
  /** Newer ones that were refused, newest first. */
  readonly refused: readonly RefusedCheckpoint[];
}

export interface WriteOptions {
  readonly past?: Past;
  /** The position of one that this one stands instead of; it is deleted too. */
  readonly replaced?: number;
  /** Called when the checkpoint is written, with those that stay, by name, before the others are deleted. */
  readonly written?: (stay: Readonly<Record<string, FileListing>>) => void;
}

/**
 * Saves a state as `000012.ckpt`, then deletes all but this one and the whole one before it. Checkpoints of a later position
 * are deleted too: the run has gone on from before them, so they are broken or no longer its past.
 * @param folder The run's `checkpoints/`; made where it is missing. One process at a time may write there.
 * @param position How far the run has come, a whole number.
 * @param state See `encodeState`.
 * @throws InputError where the state cannot be saved, MetaplastError where the disk refuses it; the older ones stay.
 */
export function writeCheckpoint(
  folder: string,
  position: number,
  state: unknown,
  { past = nothing, replaced, written }: WriteOptions = {},
): void {
  wholeNumber("A checkpoint's position", position);
  const { pieces, bytes, digest } = statePieces({ position, past, state });
  makeFolder(folder);
  const file = path.join(folder, nameOf(position));
  writeDurably(file, pieces);
  known.set(file, checkpointListing(bytes, digest));
  try {
    const kept = listCheckpoints(folder).filter(
      (name) => positionOf(name) < position && positionOf(name) !== replaced,
    );
    const before = kept.find((name) => isWhole(folder, name));
    const stay = before === undefined ? [nameOf(position)] : [before, nameOf(position)];
    written?.(Object.fromEntries(stay.map((name) => [name, known.get(path.join(folder, name))!])));
    prune(folder, stay, position, replaced);
  } catch (error) {
    throw writeFailure(folder, error);
  }
}

/**
 * Deletes all checkpoints but one: a finished run whose checkpoints are large has the last one alone, whenever the others were written.
 * @param written As in `WriteOptions`.
 */
export function keepOnly(
  folder: string,
  position: number,
  written: NonNullable<WriteOptions['written']>,
): void {
  const file = path.join(folder, nameOf(position));
  if (!known.has(file)) readCheckpoint(file, position);
  written({ [nameOf(position)]: known.get(file)! });
  prune(folder, [nameOf(position)], position);
}

function checkpointListing(bytes: number, digest: Uint8Array): FileListing {
  return { bytes, sha256: Buffer.from(digest).toString('hex'), endsWithChecksum: true };
}

function prune(folder: string, stay: readonly string[], written: number, replaced?: number): void {
  const stale = fs
    .readdirSync(folder)
    .filter((name) => (pattern.test(name) && !stay.includes(name)) || isAsideName(name, pattern));
  for (const name of stale) {
    fs.rmSync(path.join(folder, name), { force: true, recursive: true });
    known.delete(path.join(folder, name));
  }
  // One that comes back after a power cut does harm only where it would be taken for the newest, or for the one before it.
  if (stale.some((name) => positionOf(name) > written || positionOf(name) === replaced)) syncFolder(folder);
}

/**
 * The checkpoints that stay where a run goes on from one: that one, and one before it.
 * @param stays Whether an older one of this state may be the one.
 */
export function checkpointsFrom(
  folder: string,
  position: number,
  stays: (state: unknown) => boolean,
): Record<string, FileListing> {
  const older = listCheckpoints(folder).filter((name) => positionOf(name) < position);
  const kept = older.find((name) => {
    try {
      return stays(readCheckpoint(path.join(folder, name), positionOf(name)).state);
    } catch {
      return false; // Broken.
    }
  });
  const names = kept === undefined ? [nameOf(position)] : [kept, nameOf(position)];
  return Object.fromEntries(names.map((name) => [name, known.get(path.join(folder, name))!]));
}

/** Deletes the checkpoints before a position that do not stay: a process may have been killed before it did. */
export function pruneOlderThan(
  folder: string,
  position: number,
  stay: Readonly<Record<string, unknown>>,
): void {
  for (const name of listCheckpoints(folder)) {
    if (positionOf(name) >= position || Object.hasOwn(stay, name)) continue;
    fs.rmSync(path.join(folder, name), { force: true, recursive: true });
  }
}

function isWhole(folder: string, name: string): boolean {
  if (known.has(path.join(folder, name))) return true;
  try {
    readCheckpoint(path.join(folder, name), positionOf(name));
    return true;
  } catch {
    return false;
  }
}

/** Names of the checkpoints in a folder, newest first; none where there is no folder. */
function listCheckpoints(folder: string): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return [];
    throw new CheckpointError({
      what: `Cannot read the checkpoints in "${folder}": ${(error as Error).message}`,
      advice: 'Name a run directory that you may read',
    });
  }
  return newestFirst(names.filter((name) => pattern.test(name)));
}

const newestFirst = (names: Iterable<string>) =>
  [...names].sort((a, b) => positionOf(b) - positionOf(a) || (a < b ? -1 : 1));

export interface ReadOptions {
  /** Names of those that should be there. */
  readonly listed?: readonly string[];
  /** Throws where the run cannot go on from one that is whole itself. */
  readonly fits?: (checkpoint: Checkpoint) => void;
}

/**
 * The newest checkpoint that can be gone on from; another is refused, and the one before it is tried. Files left behind by a
 * killed process are ignored.
 * @param folder The run's `checkpoints/`.
 * @returns null where there is none at all, and none should be.
 * @throws CheckpointError naming every file and what is wrong with it, where there are some and none can be used.
 */
export function readNewestCheckpoint(
  folder: string,
  { listed = [], fits }: ReadOptions = {},
): NewestCheckpoint | null {
  const refused: RefusedCheckpoint[] = [];
  for (const file of newestFirst(new Set([...listCheckpoints(folder), ...listed]))) {
    try {
      const checkpoint = readCheckpoint(path.join(folder, file), positionOf(file));
      fits?.(checkpoint);
      return { ...checkpoint, refused };
    } catch (error) {
      known.delete(path.join(folder, file));
      refused.push({ file, reason: (error as Error).message });
    }
  }
  if (refused.length === 0) return null;
  throw new CheckpointError({
    what:
      `No checkpoint in "${folder}" can be used: ` +
      refused.map(({ file, reason }) => `${file}: ${reason.replace(/\.$/, '')}`).join('; '),
    advice: 'Start the run anew, or restore the folder from a backup',
  });
}

function readCheckpoint(file: string, position: number): Checkpoint {
  const bytes = readFile(file);
  const saved = decodeState(bytes) as Partial<Checkpoint> | null;
  if (saved?.position !== position) {
    throw new CheckpointError({
      what: `The file is named after position ${position} and holds position ${saved?.position}`,
    });
  }
  if (saved.past === undefined) {
    throw new CheckpointError({ what: 'The file was written by an earlier version of metaplast' });
  }
  known.set(file, checkpointListing(bytes.length, bytes.subarray(-digestBytes)));
  return { position, state: saved.state, past: saved.past };
}

function readFile(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const missing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
    throw new CheckpointError({
      what: missing ? 'The file is missing' : `The file cannot be read: ${(error as Error).message}`,
    });
  }
}
