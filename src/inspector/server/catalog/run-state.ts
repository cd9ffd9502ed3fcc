import fs from 'node:fs';
import { lockHolder } from '../../../run/directory/run-lock';
import type { RunState } from '../../protocol/runs';
import { type Place, systemPath } from './run-place';

/** Who works on a run. */
export type Holder = 'here' | 'elsewhere' | null;

/**
 * What a run is doing, by what its manifest says and who holds its lock.
 * @param holder As it was before the manifest was read: a run that ends between the two has then written that it did.
 */
export function stateOf(
  holder: Holder,
  written: 'running' | 'stopped' | 'finished',
): Exclude<RunState, 'broken'> {
  if (written === 'finished') return 'finished';
  if (holder === 'here') return 'running';
  if (holder === 'elsewhere') return 'elsewhere';
  return written === 'running' ? 'dead' : 'stopped';
}

export function holderOf(place: Place): Holder {
  try {
    // What is no small plain file is no lock, and is not opened.
    const stats = fs.lstatSync(systemPath(place, '.lock'), { throwIfNoEntry: false });
    if (!stats?.isFile() || stats.size > 4096) return null;
    return lockHolder(systemPath(place));
  } catch {
    return null; // It may not be read.
  }
}
