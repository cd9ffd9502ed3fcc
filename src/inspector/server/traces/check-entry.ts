import { MetaplastError } from '../../../core/errors';
import { sizeOf } from '../../../core/shape';
import { isGroup } from '../../../study/compare/leaf-path';
import { kernelAxes } from '../../../synapse/topology';
import { type RecordedSynapse, RecordedSynapses, type SynapseRuns } from '../../../trace/recorded-synapses';
import type { TraceEntry } from '../../../trace/recorder';
import { blocksOf } from './blocks';

/** No network that metaplast simulates has as many synapses, or more axes to a parameter. */
const [largest, mostAxes] = [2 ** 31, 8];

/** What the synapses of one trace may come to: parameters, and progressions of indices in them. */
const [mostBlocks, mostRuns] = [4096, 100_000];

/** The columns of `when` without which nobody knows when a row was recorded, in their order. */
const moments = ['task', 'phase', 'beta', 'step'];

/** What is wrong with an entry of `index.json` that nobody has looked at, as the rest of "says of a trace ..."; null where nothing is. */
export function whatIsWrong(entry: unknown): string | null {
  if (!isGroup(entry)) return 'nothing that describes one';
  const { variables, shape, when, every, at, source } = entry;
  if (source !== undefined && typeof source !== 'string') return 'nothing of whose it is';
  if (!isFileName(entry.file) || !isGroup(when) || !isFileName(when.file)) return 'no files of this folder';
  const { columns } = when;
  if (!isNames(variables) || !isNames(columns)) return 'no names of its columns';
  if (!moments.every((name, i) => columns[i] === name))
    return `columns of moments that do not begin with ${moments.join(', ')}`;
  if (!Array.isArray(shape) || shape.length !== 3 || !shape.every((axis) => isWhole(axis)))
    return 'no shape of three axes';
  const isMoment = typeof at === 'string' && ['step', 'phase-end', 'meta-update'].includes(at);
  if (!Number.isSafeInteger(every) || !isMoment) return 'nothing of when it was recorded';
  try {
    const { length } = new RecordedSynapses(entry.synapses as TraceEntry['synapses']);
    const fits = shape[1] === variables.length && shape[2] === length && length > 0;
    if (!fits) return 'a shape that its columns do not have';
    if (variables.length * length > largest) return `rows of more than ${largest} numbers`;
  } catch (error) {
    if (error instanceof MetaplastError) return 'no synapses that could be told';
    throw error;
  }
  return wrongSynapses(entry.synapses as TraceEntry['synapses']);
}

function wrongSynapses(synapses: TraceEntry['synapses']): string | null {
  const wrong = isList(synapses) ? wrongList(synapses) : wrongRuns(synapses);
  if (wrong !== null) return wrong;
  const blocks = blocksOf(synapses);
  if (blocks.length > mostBlocks) return `more than ${mostBlocks} parameters`;
  return blocks.some(({ shape }) => shape.length > mostAxes || !isSize(sizeOf(shape)))
    ? `a parameter of more than ${largest} synapses, or of more than ${mostAxes} axes`
    : null;
}

const isList = (stored: TraceEntry['synapses']): stored is readonly RecordedSynapse[] =>
  Array.isArray(stored);

function wrongList(synapses: readonly RecordedSynapse[]): string | null {
  const isPlace = (value: unknown) => isWhole(value) && isSize(value);
  const isTold = (synapse: RecordedSynapse) =>
    isPlace(synapse.index) &&
    isWhole(synapse.layer) &&
    typeof synapse.parameter === 'string' &&
    isPlace(synapse.to) &&
    (synapse.from === null || isPlace(synapse.from)) &&
    kernelAxes.every((axis) => synapse[axis] === undefined || isPlace(synapse[axis]));
  return synapses.every(isTold) ? null : 'a synapse of which it is not told what it connects';
}

/** Both are written in order: so they are gone through once, side by side. */
function wrongRuns({ runs, blocks }: SynapseRuns): string | null {
  if (blocks.length > mostBlocks) return `more than ${mostBlocks} parameters`;
  if (runs.length > mostRuns) return `more than ${mostRuns} progressions of synapses`;
  let end = 0;
  for (const { first, shape } of blocks) {
    if (first < end) return 'parameters that are not in order';
    end = first + sizeOf(shape);
    if (!isSize(end)) return `a parameter of more than ${largest} synapses, or behind as many`;
  }
  let next = 0;
  for (const [first, count, step] of runs) {
    if (first < next) return 'synapses that are not in order';
    next = first + (count - 1) * step + 1;
    if (!isSize(next)) return `a synapse behind ${largest} others`;
  }
  return null;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isSize = (value: number): boolean => value <= largest;

/** A name in the folder of traces, and no path out of it. */
const isFileName = (name: unknown): name is string =>
  typeof name === 'string' && name.endsWith('.npy') && !/[/\\\0]/.test(name);

const isNames = (names: unknown): names is readonly string[] =>
  Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
