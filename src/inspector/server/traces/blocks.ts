import { sizeOf } from '../../../core/shape';
import { axesOf, kernelAxes } from '../../../synapse/topology';
import type { RecordedSynapse, StoredSynapses, SynapseRuns } from '../../../trace/recorded-synapses';
import type { BlockInfo } from '../../protocol/runs';

type Cells = readonly [cell: number, count: number, step: number, column: number];

/** Which synapses the columns of a trace are, parameter by parameter. */
export function blocksOf(stored: StoredSynapses): BlockInfo[] {
  return isList(stored) ? listedBlocks(stored) : storedBlocks(stored);
}

const isList = (stored: StoredSynapses): stored is readonly RecordedSynapse[] => Array.isArray(stored);

/** Both are in order and none meets another, so that one pass goes through both. */
function storedBlocks({ runs, blocks }: SynapseRuns): BlockInfo[] {
  const ends = blocks.map(({ first, shape }) => first + sizeOf(shape));
  const cells = blocks.map((): Cells[] => []);
  let [column, begin] = [0, 0];
  for (const [start, count, step] of runs) {
    const last = start + (count - 1) * step;
    while (begin < blocks.length && ends[begin]! <= start) begin++;
    for (let at = begin; at < blocks.length && blocks[at]!.first <= last; at++) {
      const { first } = blocks[at]!;
      const before = Math.min(count, Math.max(0, Math.ceil((first - start) / step)));
      const within = Math.min(count, Math.max(0, Math.ceil((ends[at]! - start) / step))) - before;
      if (within > 0) cells[at]!.push([start + before * step - first, within, step, column + before]);
    }
    column += count;
  }
  return blocks.map((block, at) => {
    const { layer, parameter, shape, first } = block;
    return { layer, parameter, shape, axes: axesOf(shape), ends: block.ends, first, cells: cells[at]! };
  });
}

interface Listed {
  readonly synapse: RecordedSynapse;
  readonly column: number;
}

function listedBlocks(stored: readonly RecordedSynapse[]): BlockInfo[] {
  const byParameter = new Map<string, Listed[]>();
  for (const [column, synapse] of stored.entries()) {
    const key = JSON.stringify([synapse.layer, synapse.parameter]);
    const known = byParameter.get(key);
    if (known === undefined) byParameter.set(key, [{ synapse, column }]);
    else known.push({ synapse, column });
  }
  return [...byParameter.values()].map(blockOf);
}

/** As large as the synapses that are listed say. */
function blockOf(listed: readonly Listed[]): BlockInfo {
  const { layer, parameter, from } = listed[0]!.synapse;
  const kernel = kernelAxes.filter((axis) => listed[0]!.synapse[axis] !== undefined);
  const axes = ['to', ...(from === null ? [] : ['from']), ...kernel];
  const placesOf = (synapse: RecordedSynapse) => axes.map((axis) => Number(synapse[axis as 'to'] ?? 0));
  const places = listed.map(({ synapse }) => placesOf(synapse));
  const held = axes.map((_, axis) => 1 + places.reduce((most, place) => Math.max(most, place[axis]!), 0));
  const shape = axes.length === 2 ? [held[0]!, Math.max(held[1]!, sourcesOf(listed) ?? 0)] : held;
  const cellOf = (place: readonly number[]) => place.reduce((cell, at, axis) => cell * shape[axis]! + at, 0);
  const cells = places.map(cellOf);
  const firsts = new Set(listed.map(({ synapse }, i) => synapse.index - cells[i]!));
  const [first] = firsts;
  return {
    layer,
    parameter,
    shape,
    axes,
    ends: listed.some(({ synapse }) => synapse.ends === 'channel') ? 'channel' : 'unit',
    first: firsts.size === 1 && first! >= 0 ? first! : null,
    cells: joined(listed.map(({ column }, i) => [cells[i]!, column] as const)),
  };
}

/** How many units a matrix of weights comes from, where two of its synapses that end on different units show it; null where none do. */
function sourcesOf(listed: readonly Listed[]): number | null {
  const [{ synapse: a }] = listed as [Listed];
  const other = listed.find(({ synapse }) => synapse.to !== a.to);
  if (other === undefined) return null;
  const { synapse: b } = other;
  const sources = (b.index - a.index - (b.from! - a.from!)) / (b.to - a.to);
  return Number.isSafeInteger(sources) && sources > 0 ? sources : null;
}

/** Cells and columns as few arithmetic progressions. */
function joined(pairs: readonly (readonly [cell: number, column: number])[]): Cells[] {
  const runs: Cells[] = [];
  for (let at = 0; at < pairs.length; ) {
    const [cell, column] = pairs[at]!;
    const next = pairs[at + 1];
    const step = next !== undefined && next[1] === column + 1 && next[0] > cell ? next[0] - cell : 1;
    let count = 1;
    for (let pair = pairs[at + count]; pair !== undefined; pair = pairs[at + count]) {
      if (pair[0] !== cell + count * step || pair[1] !== column + count) break;
      count++;
    }
    runs.push([cell, count, step, column]);
    at += count;
  }
  return runs;
}
