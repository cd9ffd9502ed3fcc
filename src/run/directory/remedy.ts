import path from 'node:path';
import { type Checkpoint, checkpointFile } from './checkpoint';
import { plotCommandOf, resumeCommandOf } from './commands-of';
import { difference } from './file-check';
import type { Manifest } from './manifest';
import { usableCheckpoint } from './usable-checkpoint';

/**
 * What can still be done where a file of a run is not as the run wrote it: as advice, true for this directory as it is.
 * @param file From the run directory on.
 * @param manifest What the directory should hold; null where that is not known.
 */
export function remedyFor(directory: string, file: string, manifest: Manifest | null): string {
  if (canBeDrawn(directory, file, manifest)) return `Draw it again:\n  ${plotCommandOf(directory)}`;
  const from = usable(directory, manifest);
  if (from !== null && isCheckpoint(file) && file !== checkpointFile(from.position))
    return 'Nothing is lost, since another checkpoint can be gone on from.';
  if (from !== null) return `Have it made again from the last checkpoint:\n  ${resumeCommandOf(directory)}`;
  return manifest === null
    ? 'It cannot be restored, since no checkpoint can be used: make the run again'
    : `It cannot be restored. Make the run again:\n  ${manifest.command}`;
}

const picture = /^plots\/(.+)\.(?:csv|svg|png)$/;

/** Whether a file is one that `plot` draws, and what it is drawn from is whole. */
function canBeDrawn(directory: string, file: string, manifest: Manifest | null): boolean {
  const [, figure] = picture.exec(file) ?? [];
  if (figure === undefined) return false;
  const listing = manifest?.files[`plots/${figure}.json`];
  return (
    listing !== undefined && difference(path.join(directory, 'plots', `${figure}.json`), listing) === null
  );
}

const isCheckpoint = (file: string) => file.startsWith('checkpoints/');

/** The checkpoint that `resume` goes on from; all that comes after it, it makes again. */
function usable(directory: string, manifest: Manifest | null): Checkpoint | null {
  try {
    return usableCheckpoint(directory, manifest);
  } catch {
    return null;
  }
}
