import type { BlockInfo } from '../../../protocol/runs';
import { cellsOfBlock } from '../cells/block-cells';
import { cellIndices } from '../cells/cell-words';

/** The column of another trace that is the same synapse; -1 where it holds none. */
export function sameSynapse(
  blocks: readonly BlockInfo[],
  column: number,
  others: readonly BlockInfo[],
): number {
  for (const block of blocks) {
    const cell = cellsOfBlock(block).cellOf(column);
    if (cell < 0) continue;
    const other = others.find(
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
