import { MetaplastError } from '../../../core/errors';
import { isGroup } from '../../../study/compare/leaf-path';
import { RecordedSynapses } from '../../../trace/recorded-synapses';
import type { TraceEntry } from '../../../trace/recorder';
import { fileOf, type Place, systemPath } from '../catalog/run-place';
import { FileProblem } from '../files/enclosure';
import { stampOf } from '../files/stamp';

/** What `index.json` says of the traces of a run. */
export interface TraceEntries {
  readonly entries: ReadonlyMap<string, TraceEntry>;
  /** What is wrong with it, or with entries of it, each in a sentence. */
  readonly problems: readonly string[];
}

const file = 'traces/index.json';
const mostBytes = 64 * 1024 * 1024;
const [mostKept] = [64];

/** Reads `index.json` of runs, again where it has changed. */
export class TraceIndexes {
  private readonly kept = new Map<string, TraceEntries & { readonly stamp: string }>();

  read(place: Place): TraceEntries {
    const stamp = stampOf(systemPath(place, file)).text;
    const known = this.kept.get(place.id);
    if (known?.stamp === stamp) return known;
    const read = { ...readEntries(place), stamp };
    this.kept.delete(place.id);
    this.kept.set(place.id, read);
    for (const id of this.kept.keys()) if (this.kept.size > mostKept) this.kept.delete(id);
    return read;
  }
}

function readEntries(place: Place): TraceEntries {
  const entries = new Map<string, TraceEntry>();
  const problems: string[] = [];
  let traces: unknown;
  try {
    const text = place.enclosure.read(fileOf(place, file), mostBytes).toString('utf8');
    traces = (JSON.parse(text) as { traces?: unknown } | null)?.traces;
  } catch (error) {
    if (error instanceof FileProblem && error.reason === 'is missing') return { entries, problems };
    return { entries, problems: [`${file} ${error instanceof FileProblem ? error.reason : 'is no JSON'}`] };
  }
  if (!isGroup(traces)) return { entries, problems: [`${file} holds no index of traces`] };
  for (const [name, entry] of Object.entries(traces)) {
    const wrong = whatIsWrong(entry);
    if (wrong === null) entries.set(name, entry as unknown as TraceEntry);
    else problems.push(`${file} says of trace "${name}" ${wrong}`);
  }
  return { entries, problems };
}

/** Of an entry that nobody has looked at. */
function whatIsWrong(entry: unknown): string | null {
  if (!isGroup(entry)) return 'nothing that describes one';
  const { variables, shape, when, every, at, source } = entry;
  if (!isFileName(entry.file) || !isGroup(when) || !isFileName(when.file)) return 'no files of this folder';
  if (source !== undefined && typeof source !== 'string') return 'nothing of whose it is';
  if (!isNames(variables) || !isNames(when.columns)) return 'no names of its columns';
  if (
    !Array.isArray(shape) ||
    shape.length !== 3 ||
    !shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)
  )
    return 'no shape of three axes';
  if (!Number.isSafeInteger(every) || !['step', 'phase-end', 'meta-update'].includes(String(at)))
    return 'nothing of when it was recorded';
  try {
    const { length } = new RecordedSynapses(entry.synapses as TraceEntry['synapses']);
    const fits = shape[1] === variables.length && shape[2] === length && length > 0;
    return fits && Number.isSafeInteger(8 * variables.length * length)
      ? null
      : 'a shape that its columns do not have';
  } catch (error) {
    if (error instanceof MetaplastError) return 'no synapses that can be identified';
    throw error;
  }
}

/** A name in the folder of traces, and no path out of it. */
const isFileName = (name: unknown): name is string =>
  typeof name === 'string' && name.endsWith('.npy') && !/[/\\\0]/.test(name);

const isNames = (names: unknown): names is readonly string[] =>
  Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
