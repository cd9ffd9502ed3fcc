import path from 'node:path';
import type { AskedNeurons } from '../../trace/asked-neurons';
import type { AskedSynapses } from '../../trace/asked-synapses';
import { type NeuronTable, neuronTable } from '../../trace/read-neurons';
import { type TraceTable, traceNamed, traceTable } from '../../trace/read-trace';
import {
  type AllTraces,
  isOfNeurons,
  type NeuronTraceEntry,
  parseTraceIndex,
  synapseTraces,
  type TraceEntry,
  type TraceIndex,
} from '../../trace/recorder';
import type { RunFiles } from './run-files';

const index = 'traces/index.json';

/**
 * The traces of a run's synapses, by name, with as many rows as are safe on the disk.
 * @throws InputError where what tells of them is not as the run wrote it.
 */
export const readRunTraces = (files: RunFiles): TraceIndex => synapseTraces(readAllRunTraces(files));

/** The same, of neurons too. @throws as `readRunTraces` */
export function readAllRunTraces(files: RunFiles): AllTraces {
  if (!files.has(index)) return {};
  const traces = parseTraceIndex(files.read(index).toString('utf8'), path.join(files.directory, index));
  const safe = Object.entries(traces).map(([name, entry]) => {
    const [, ...row] = entry.shape;
    return [name, { ...entry, shape: [safeRows(files, entry), ...row] as const }] as const;
  });
  return Object.fromEntries(safe);
}

/** Rows that both of its files hold for sure. */
function safeRows(files: RunFiles, entry: TraceFiles): number {
  const rows = filesOf(entry).map((file) => files.listing(file)?.npy?.shape[0] ?? 0);
  return Math.min(...rows);
}

/** What names the files of a trace. */
type TraceFiles = Pick<TraceEntry, 'file' | 'when'>;

const filesOf = ({ file, when }: TraceFiles) => [file, when.file].map((name) => `traces/${name}`);

/**
 * One trace of a run.
 * @throws InputError where there is no such trace, it holds no such synapse, or its files are not as the run wrote them.
 */
export function readRunTrace(files: RunFiles, name: string, asked?: readonly AskedSynapses[]): TraceTable {
  const entry = traceNamed(readRunTraces(files), name);
  checkTrace(files, entry);
  return traceTable(path.join(files.directory, 'traces'), entry, asked, entry.shape[0]);
}

/** The traces of a run's neurons, by name. @throws as `readRunTraces` */
export function readRunNeurons(files: RunFiles): ReadonlyMap<string, NeuronTraceEntry> {
  const all = Object.entries(readAllRunTraces(files));
  return new Map(all.flatMap(([name, entry]) => (isOfNeurons(entry) ? [[name, entry] as const] : [])));
}

/** One trace of neurons. @throws InputError where it holds no such neuron, or its files are not as the run wrote them. */
export function readRunNeuronTrace(
  files: RunFiles,
  entry: NeuronTraceEntry,
  asked?: readonly AskedNeurons[],
): NeuronTable {
  checkTrace(files, entry);
  return neuronTable(path.join(files.directory, 'traces'), entry, asked);
}

/** @throws InputError where the files of a trace are not as the run wrote them. */
export function checkTrace(files: RunFiles, entry: TraceFiles): void {
  for (const file of filesOf(entry)) files.check(file);
}
