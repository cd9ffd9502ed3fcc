import path from 'node:path';
import type { AskedSynapses } from '../../trace/asked-synapses';
import { type TraceTable, traceNamed, traceTable } from '../../trace/read-trace';
import { parseTraceIndex, type TraceEntry, type TraceIndex } from '../../trace/recorder';
import type { RunFiles } from './run-files';

const index = 'traces/index.json';

/**
 * The traces of a run, by name, with as many rows as are safe on the disk.
 * @throws InputError where what tells of them is not as the run wrote it.
 */
export function readRunTraces(files: RunFiles): TraceIndex {
  if (!files.has(index)) return {};
  const traces = parseTraceIndex(files.read(index).toString('utf8'), path.join(files.directory, index));
  const safe = Object.entries(traces).map(([name, entry]) => {
    const [, variables, synapses] = entry.shape;
    return [name, { ...entry, shape: [safeRows(files, entry), variables, synapses] as const }] as const;
  });
  return Object.fromEntries(safe);
}

/** Rows that both of its files hold for sure. */
function safeRows(files: RunFiles, entry: TraceEntry): number {
  const rows = filesOf(entry).map((file) => files.listing(file)?.npy?.shape[0] ?? 0);
  return Math.min(...rows);
}

const filesOf = ({ file, when }: TraceEntry) => [file, when.file].map((name) => `traces/${name}`);

/**
 * One trace of a run.
 * @throws InputError where there is no such trace, it holds no such synapse, or its files are not as the run wrote them.
 */
export function readRunTrace(files: RunFiles, name: string, asked?: readonly AskedSynapses[]): TraceTable {
  const entry = traceNamed(readRunTraces(files), name);
  checkTrace(files, entry);
  return traceTable(path.join(files.directory, 'traces'), entry, asked, entry.shape[0]);
}

/** @throws InputError where the files of a trace are not as the run wrote them. */
export function checkTrace(files: RunFiles, entry: TraceEntry): void {
  for (const file of filesOf(entry)) files.check(file);
}
