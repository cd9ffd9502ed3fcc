import { join } from 'node:path';
import { InputError } from '../core/errors';
import { didYouMean } from '../core/nearest';
import { readNpy } from '../data/npy/read';
import { type AskedSynapses, columnsOf, describeSynapses, unmatched } from './asked-synapses';
import { type RecordedSynapse, RecordedSynapses } from './recorded-synapses';
import { readTraceIndex, type TraceEntry, type TraceIndex } from './recorder';

/** One variable of one synapse over the rows of a trace. */
interface Course {
  readonly variable: string;
  readonly synapse: RecordedSynapse;
  readonly values: Float64Array;
}

/** A trace read back: its rows' moments, and the course of each variable of the synapses asked for. */
export interface TraceTable {
  readonly entry: TraceEntry;
  /** [rows][task, phase, beta, step] */
  readonly moments: readonly (readonly number[])[];
  readonly courses: readonly Course[];
}

/**
/**
 * Reads one trace of a folder.
 * @param asked Of these synapses only.
 * @throws InputError where there is no such trace, or it does not hold all that is asked for.
 */
export function readTrace(folder: string, name: string, asked?: readonly AskedSynapses[]): TraceTable {
  return traceTable(folder, traceNamed(readTraceIndex(folder), name), asked);
}

/** @throws InputError where there is no trace of the name; then with the nearest legal one. */
export function traceNamed(index: TraceIndex, name: string): TraceEntry {
  if (Object.hasOwn(index, name)) return index[name]!;
  const names = Object.keys(index);
  throw new InputError({
    what: 'The run has no such trace',
    got: name,
    legal: names.join(', ') || 'none: it recorded nothing',
    advice: didYouMean(name, names),
  });
}

/**
 * The rows of a trace.
 * @param asked Of these synapses only.
 * @param mostRows Read no more of them than these.
 * @throws InputError where it does not hold all that is asked for, or its files cannot be read.
 */
export function traceTable(
  folder: string,
  entry: TraceEntry,
  asked?: readonly AskedSynapses[],
  mostRows?: number,
): TraceTable {
  const recorded = new RecordedSynapses(entry.synapses);
  const missing = unmatched(asked ?? [], [recorded]).map(({ word }) => word);
  if (missing.length > 0) {
    throw new InputError({
      what: `Trace "${entry.file.replace(/\.npy$/, '')}" holds no such synapse`,
      got: missing.join(', '),
      legal: describeSynapses(recorded),
    });
  }
  const { data, shape } = readNpy(join(folder, entry.file), mostRows);
  const when = readNpy(join(folder, entry.when.file), mostRows);
  const [written, variables, synapses] = shape as [number, number, number];
  const rows = Math.min(written, when.shape[0]!); // A killed writer may have got further with one of the two.
  const chosen = columnsOf(recorded, asked);
  const courses = chosen.flatMap((column) =>
    entry.variables.map((variable, v) => ({
      variable,
      synapse: recorded.at(column),
      values: Float64Array.from(
        { length: rows },
        (_, row) => data[(row * variables + v) * synapses + column]!,
      ),
    })),
  );
  const width = entry.when.columns.length;
  const moments = Array.from({ length: rows }, (_, row) => [
    ...when.data.subarray(row * width, (row + 1) * width),
  ]);
  return { entry, moments, courses };
}
