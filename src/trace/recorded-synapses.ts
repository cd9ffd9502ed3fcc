import { InputError } from '../core/errors';
import { sizeOf } from '../core/shape';
import { hasFields, made, validate } from '../core/validate';
import { axesOf, type Connection, connectionIn, type SynapseBlock, type Topology } from '../synapse/topology';

/** A synapse of a trace: its index in the network's flat order, which connection it is, and whether it ends on a channel of images. */
export type RecordedSynapse = { readonly index: number; readonly ends?: 'channel' } & Connection;

/** Indices in an arithmetic progression: the first one, how many, and from one to the next. */
export type IndexRun = readonly [first: number, count: number, step: number];

/** A parameter of which synapses were recorded, with what each of its axes counts. */
export interface RecordedBlock extends SynapseBlock {
  readonly axes: readonly string[];
}

/** Many synapses: their indices as runs, in the order of the columns, and the parameters that these lie in. A whole layer takes a line. */
export interface SynapseRuns {
  readonly runs: readonly IndexRun[];
  readonly blocks: readonly RecordedBlock[];
}

/** Which synapses the columns of a trace are, as `index.json` has it: one by one, or, where they are more than 1,000, as runs. */
export type StoredSynapses = readonly RecordedSynapse[] | SynapseRuns;

const isWhole = (value: unknown, least: number) => Number.isSafeInteger(value) && (value as number) >= least;

function isRun(value: unknown): value is IndexRun {
  return (
    Array.isArray(value) && value.length === 3 && value.every((part, i) => isWhole(part, i === 0 ? 0 : 1))
  );
}

function isBlock(value: unknown): value is SynapseBlock {
  if (!hasFields(value ?? {}, { parameter: 'string', shape: 'object' })) return false;
  const { layer, first, shape } = value as SynapseBlock;
  return (
    isWhole(layer, 0) && isWhole(first, 0) && Array.isArray(shape) && shape.every((axis) => isWhole(axis, 1))
  );
}

const storedSchema = made<StoredSynapses>('the synapses that index.json has of a trace', (value) => {
  if (Array.isArray(value)) return value.every((one) => isWhole((one as RecordedSynapse | null)?.index, 0));
  const { runs, blocks } = (value ?? {}) as SynapseRuns;
  return Array.isArray(runs) && Array.isArray(blocks) && runs.every(isRun) && blocks.every(isBlock);
});

/** Each of up to so many is written by itself, as people read it. */
const mostListed = 1000;

/** What is stored of the synapses of these indices, ascending. */
export function storeSynapses(indices: ArrayLike<number>, { blocks, connection }: Topology): StoredSynapses {
  if (blocks === undefined) return Array.from(indices, (index) => ({ index, ...connection(index) }));
  if (indices.length <= mostListed) return Array.from(indices, (index) => synapseIn(blocks, index));
  const runs = runsOf(indices);
  const touched = blocks.filter(({ first, shape }) => runs.some((run) => meets(run, first, sizeOf(shape))));
  return { runs, blocks: touched.map((block) => ({ ...block, axes: axesOf(block.shape) })) };
}

/** Whether any index of a run is among so many from the first one on. */
function meets([start, count, step]: IndexRun, first: number, size: number): boolean {
  const steps = Math.max(0, Math.ceil((first - start) / step));
  return steps < count && start + steps * step < first + size;
}

/** Ascending numbers as arithmetic progressions, each as long as it can be. */
function runsOf(indices: ArrayLike<number>): IndexRun[] {
  const runs: IndexRun[] = [];
  for (let at = 0; at < indices.length; ) {
    const first = indices[at]!;
    const step = at + 1 < indices.length ? indices[at + 1]! - first : 1;
    let count = 1;
    while (at + count < indices.length && indices[at + count] === first + count * step) count++;
    // Two that are apart may each begin a longer run.
    if (count === 2 && step > 1) count = 1;
    runs.push([first, count, count === 1 ? 1 : step]);
    at += count;
  }
  return runs;
}

/** The synapses of a trace, column by column, made anew each time that one is asked for. */
export class RecordedSynapses implements Iterable<RecordedSynapse> {
  readonly length: number;
  /** The column of each run's first index. */
  private readonly starts: number[] = [];

  /** @throws InputError where these are no synapses of a trace. */
  constructor(private readonly stored: StoredSynapses) {
    validate(storedSchema, stored, 'the synapses of a trace');
    let length = 0;
    if (isList(stored)) length = stored.length;
    else {
      for (const [, count] of stored.runs) {
        this.starts.push(length);
        length += count;
      }
    }
    this.length = length;
  }

  /** @throws InputError where the trace has no such column. */
  at(column: number): RecordedSynapse {
    const { stored, starts } = this;
    if (!Number.isInteger(column) || column < 0 || column >= this.length) {
      throw new InputError({
        what: 'The trace has no such column',
        got: column,
        legal: `0 to ${this.length - 1}`,
      });
    }
    if (isList(stored)) return stored[column]!;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= column) low = middle;
      else high = middle - 1;
    }
    const [first, , step] = stored.runs[low]!;
    return synapseIn(stored.blocks, first + (column - starts[low]!) * step);
  }

  /** The column of a synapse, by its index in the network; null where the trace has none. */
  columnOf(index: number): number | null {
    let [low, high] = [0, this.length - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.at(middle).index < index) low = middle + 1;
      else high = middle;
    }
    return this.length > 0 && this.at(low).index === index ? low : null;
  }

  /** Column by column. */
  *[Symbol.iterator](): Iterator<RecordedSynapse> {
    const { stored } = this;
    if (isList(stored)) {
      yield* stored;
      return;
    }
    for (const [first, count, step] of stored.runs)
      for (let i = 0; i < count; i++) yield synapseIn(stored.blocks, first + i * step);
  }
}

const isList = (stored: StoredSynapses): stored is readonly RecordedSynapse[] => Array.isArray(stored);

/** @throws InputError where none of the blocks holds the index. */
function synapseIn(blocks: readonly SynapseBlock[], index: number): RecordedSynapse {
  const block = blocks.findLast(({ first }) => first <= index);
  if (block === undefined || index >= block.first + sizeOf(block.shape)) {
    throw new InputError({
      what: 'An index of traces names a synapse of none of its parameters',
      got: index,
      advice: 'Copy the folder of traces again',
    });
  }
  const connection = connectionIn(block, index - block.first);
  return { index, ...connection, ...(block.ends === 'channel' ? { ends: block.ends } : {}) };
}
