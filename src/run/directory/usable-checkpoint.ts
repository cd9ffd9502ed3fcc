import path from 'node:path';
import { CheckpointError } from '../../core/errors';
import { type Checkpoint, type NewestCheckpoint, readNewestCheckpoint } from './checkpoint';
import { difference } from './file-check';
import type { Manifest } from './manifest';

/**
 * The newest checkpoint of a run that is whole, and before which nothing was changed in the files that grow.
 * @param manifest What the directory should hold; null where that is not known.
 * @returns null where the run has written none yet.
 * @throws CheckpointError where there are some and none can be used, with what is wrong with each.
 */
export function usableCheckpoint(directory: string, manifest: Manifest | null): NewestCheckpoint | null {
  const listed = Object.keys(manifest?.files ?? {}).flatMap((file) =>
    file.startsWith('checkpoints/') ? [path.basename(file)] : [],
  );
  const fits = ({ past }: Checkpoint): void => {
    for (const [file, listing] of Object.entries(past.files)) {
      const at = path.join(directory, file);
      const reason = difference(at, listing, { goesOn: true, anyHead: true });
      if (reason !== null)
        throw new CheckpointError({ what: `What it goes on from has changed: "${at}" ${reason}` });
    }
  };
  return readNewestCheckpoint(path.join(directory, 'checkpoints'), { listed, fits });
}
