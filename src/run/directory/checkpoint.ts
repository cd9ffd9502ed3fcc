import fs from 'node:fs';
import path from 'node:path';
import { wholeNumber } from '../../core/checks';
import { codeOf, isAsideName, syncFolder, writeDurably, writeFailure } from '../../core/durable-file';
import { CheckpointError } from '../../core/errors';
import { decodeState, encodeState } from './state-codec';

const pattern = /^\d{6,16}\.ckpt$/;
const nameOf = (position: number) => `${String(position).padStart(6, '0')}.ckpt`;
const positionOf = (name: string) => Number.parseInt(name, 10);

/** Files that this process wrote or found whole, and so need not be read again before older ones are deleted. */
const known = new Set<string>();

/** A checkpoint that could not be used, and why. */
interface RefusedCheckpoint {
  readonly file: string;
  readonly reason: string;
}

/** The newest checkpoint that can be trusted. */
export interface Checkpoint {
  /** How far the run had come, in its own unit (tasks, meta-steps). */
  readonly position: number;
  readonly state: unknown;
  /** Newer ones that were refused, newest first. */
  readonly refused: RefusedCheckpoint[];
}

/**
 * Saves a state as `000012.ckpt`, then deletes all but this one and the whole one before it. Checkpoints of a later position
 * are deleted too: the run has gone on from before them, so they are broken or no longer its past.
 * @param folder The run's `checkpoints/`; made where it is missing. One process at a time may write there.
 * @param position How far the run has come, a whole number.
 * @param state See `encodeState`.
 * @param replaced The position of one that this one stands instead of; it is deleted too.
 * @throws InputError where the state cannot be saved, MetaplastError where the disk refuses it; the older ones stay.
 */
export function writeCheckpoint(folder: string, position: number, state: unknown, replaced?: number): void {
  wholeNumber("A checkpoint's position", position);
  const encoded = encodeState({ position, state });
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeFailure(folder, error);
  }
  const file = path.join(folder, nameOf(position));
  writeDurably(file, encoded);
  known.add(file);
  try {
    prune(folder, position, replaced);
  } catch (error) {
    throw writeFailure(folder, error);
  }
}

function prune(folder: string, written: number, replaced?: number): void {
  const before = listCheckpoints(folder).find(
    (name) => positionOf(name) < written && positionOf(name) !== replaced && isWhole(folder, name),
  );
  const kept = new Set([nameOf(written), before]);
  const stale = fs
    .readdirSync(folder)
    .filter((name) => (pattern.test(name) && !kept.has(name)) || isAsideName(name, pattern));
  for (const name of stale) {
    fs.rmSync(path.join(folder, name), { force: true });
    known.delete(path.join(folder, name));
  }
  // One that comes back after a power cut does harm only where it would be taken for the newest, or for the one before it.
  if (stale.some((name) => positionOf(name) > written || positionOf(name) === replaced)) syncFolder(folder);
}

/**
 * Finishes what a process left that was killed after it wrote a checkpoint and before it deleted older ones.
 * @param position The checkpoint that the run goes on from. Of the older ones only one stays.
 * @param stays Whether an older one of this state may be the one.
 */
export function pruneOlderThan(folder: string, position: number, stays: (state: unknown) => boolean): void {
  const older = listCheckpoints(folder).filter((name) => positionOf(name) < position);
  const kept = older.find((name) => {
    try {
      return stays(readCheckpoint(path.join(folder, name), positionOf(name)).state);
    } catch {
      return false; // Broken.
    }
  });
  for (const name of older) if (name !== kept) fs.rmSync(path.join(folder, name), { force: true });
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
    if (codeOf(error) === 'ENOENT') return [];
    throw new CheckpointError({
      what: `Cannot read the checkpoints in "${folder}": ${(error as Error).message}`,
      advice: 'Name a run directory that you may read',
    });
  }
  return names.filter((name) => pattern.test(name)).sort((a, b) => positionOf(b) - positionOf(a));
}

/**
 * The newest checkpoint that is whole; a broken one is refused and the one before it is tried. Files left behind by a
 * killed process are ignored.
 * @param folder The run's `checkpoints/`.
 * @returns null where there is none at all.
 * @throws CheckpointError naming every file and what is wrong with it, where there are some and none is whole.
 */
export function readNewestCheckpoint(folder: string): Checkpoint | null {
  const refused: RefusedCheckpoint[] = [];
  for (const file of listCheckpoints(folder)) {
    try {
      return { ...readCheckpoint(path.join(folder, file), positionOf(file)), refused };
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

function readCheckpoint(file: string, position: number): { position: number; state: unknown } {
  const saved = decodeState(fs.readFileSync(file)) as { position?: unknown; state?: unknown } | null;
  if (saved?.position !== position) {
    throw new CheckpointError({
      what: `The file is named after position ${position} and holds position ${saved?.position}`,
    });
  }
  known.add(file);
  return { position, state: saved.state };
}
