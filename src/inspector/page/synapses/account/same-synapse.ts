import type { TraceInfo } from '../../../protocol/runs';
import { cellsOfBlock } from '../cells/block-cells';
import { cellIndices } from '../cells/cell-words';

/** What says which synapses a trace holds. */
type Held = Pick<TraceInfo, 'source' | 'blocks'>;

/** The column of another trace that is the same synapse, of the same learner; -1 where it holds none. */
export function sameSynapse({ source, blocks }: Held, column: number, trace: Held): number {
  if (trace.source !== source) return -1;
  for (const block of blocks) {
    const cell = cellsOfBlock(block).cellOf(column);
    if (cell < 0) continue;
    const other = trace.blocks.find(
      ({ layer, parameter }) => layer === block.layer && parameter === block.parameter,
    );
    if (other === undefined || other.axes.join() !== block.axes.join()) return -1;
    const place = cellIndices(block, cell).reduce(
      (at, [, index], axis) => (at < 0 || index >= other.shape[axis]! ? -1 : at * other.shape[axis]! + index),
      0,
    );
    return place < 0 ? -1 : cellsOfBlock(other).columns[place]!;
  }
  return -1;
}
