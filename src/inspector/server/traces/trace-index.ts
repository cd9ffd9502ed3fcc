import { isGroup } from '../../../study/compare/leaf-path';
import { isNeuronProbe } from '../../../trace/neuron-probe';
import { type NeuronTraceEntry, wrongNeurons } from '../../../trace/neuron-rows';
import { neuronsInWords } from '../../../trace/read-neurons';
import type { TraceEntry } from '../../../trace/recorder';
import type { SettlingInfo } from '../../protocol/runs';
import { fileOf, type Place } from '../catalog/run-place';
import { FileProblem } from '../files/enclosure';
import { isNestedTooDeep, isTooDeep } from '../files/nesting';
import { stampOf } from '../files/stamp';
import { whatIsWrong } from './check-entry';

/** What `index.json` says of the traces of a run. */
export interface TraceEntries {
  readonly entries: ReadonlyMap<string, TraceEntry>;
  /** Those of neurons, which are listed, and not shown. */
  readonly settling: readonly SettlingInfo[];
  /** What is wrong with it, or with entries of it, each in a sentence. */
  readonly problems: readonly string[];
}

const file = 'traces/index.json';
const mostBytes = 64 * 1024 * 1024;
/** Indexes that are kept, traces of one, characters of a name in a sentence. */
const [mostKept, mostTraces, mostName] = [64, 1000, 100];

/** Reads `index.json` of runs, again where it has changed. */
export class TraceIndexes {
  private readonly kept = new Map<string, TraceEntries & { readonly stamp: string }>();

  read(place: Place): TraceEntries {
    const stamp = stampOf(place.enclosure, fileOf(place, file)).text;
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
  const settling: SettlingInfo[] = [];
  const problems: string[] = [];
  let traces: unknown;
  try {
    const text = place.enclosure.read(fileOf(place, file), mostBytes).toString('utf8');
    if (isNestedTooDeep(text)) throw new FileProblem(file, isTooDeep);
    traces = (JSON.parse(text) as { traces?: unknown } | null)?.traces;
  } catch (error) {
    if (error instanceof FileProblem && error.reason === 'is missing') return { entries, settling, problems };
    return {
      entries,
      settling,
      problems: [`${file} ${error instanceof FileProblem ? error.reason : 'is no JSON'}`],
    };
  }
  if (!isGroup(traces)) return { entries, settling, problems: [`${file} holds no index of traces`] };
  const names = Object.keys(traces);
  if (names.length > mostTraces)
    problems.push(`${file} lists ${names.length} traces, of which the first ${mostTraces} are shown`);
  for (const name of names.slice(0, mostTraces)) {
    const entry = traces[name];
    const isOfNeurons = isGroup(entry) && isNeuronProbe(entry as { at: unknown });
    const wrong = isOfNeurons ? wrongNeurons(entry) : whatIsWrong(entry);
    if (wrong === null && isOfNeurons)
      settling.push(settlingInfo(name, entry as unknown as NeuronTraceEntry));
    else if (wrong === null) entries.set(name, entry as unknown as TraceEntry);
    else problems.push(`${file} says of trace "${name.slice(0, mostName)}" ${wrong}`);
  }
  return { entries, settling, problems };
}

const settlingInfo = (name: string, { neurons, samples, every }: NeuronTraceEntry): SettlingInfo => ({
  name,
  neurons: neuronsInWords(neurons),
  samples: samples.length,
  every,
});
