import path from 'node:path';
import type { TraceEntry } from '../../../trace/recorder';
import { fileOf, type Place } from '../catalog/run-place';
import { NumberFile } from './number-file';

/** A trace whose files are open. */
export interface OpenTrace {
  /** By which it is known as long as its files are the same. */
  readonly key: string;
  readonly entry: TraceEntry;
  readonly variables: number;
  readonly synapses: number;
  /** [rows][variables][synapses] */
  readonly values: NumberFile;
  /** [rows][columns of `when`] */
  readonly moments: NumberFile;
  /** What both files hold whole. */
  readonly rows: number;
}

/** Opens the files of a trace, and closes them whatever happens. */
export async function withTrace<Result>(
  place: Place,
  name: string,
  entry: TraceEntry,
  read: (trace: OpenTrace) => Result | Promise<Result>,
): Promise<Result> {
  const [, variables, synapses] = entry.shape;
  const at = (file: string) => fileOf(place, path.join('traces', file));
  const values = NumberFile.open(place.enclosure, at(entry.file), variables * synapses);
  try {
    const moments = NumberFile.open(place.enclosure, at(entry.when.file), entry.when.columns.length);
    try {
      const key = JSON.stringify([place.id, name, values.identity, moments.identity]);
      const rows = Math.min(values.rows, moments.rows);
      return await read({ key, entry, variables, synapses, values, moments, rows });
    } finally {
      moments.close();
    }
  } finally {
    values.close();
  }
}
