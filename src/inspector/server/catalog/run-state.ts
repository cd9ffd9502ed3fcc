import fs from 'node:fs';
import { lockHolder } from '../../../run/directory/run-lock';
import type { RunState } from '../../protocol/runs';
import { type Place, systemPath } from './run-place';

/** What a run is doing, by what its manifest says and who holds its lock. */
export function stateOf(place: Place, written: 'running' | 'stopped' | 'finished'): RunState {
  if (written === 'finished') return 'finished';
  const holder = holderOf(place);
  if (holder === 'here') return 'running';
  if (holder === 'elsewhere') return 'elsewhere';
  return written === 'running' ? 'dead' : 'stopped';
}

function holderOf(place: Place): 'here' | 'elsewhere' | null {
  try {
    // What is no small plain file is no lock, and is not opened.
    const stats = fs.lstatSync(systemPath(place, '.lock'), { throwIfNoEntry: false });
    if (!stats?.isFile() || stats.size > 4096) return null;
    return lockHolder(systemPath(place));
  } catch {
    return null; // It may not be read.
  }
}
