import type { BlockInfo } from '../../../protocol/runs';

/** Which cell of a parameter is which column of the trace. */
export interface BlockCells {
  readonly block: BlockInfo;
  /** Cells of the parameter: the product of its shape. */
  readonly size: number;
  /** Columns of the trace that lie in it. */
  readonly recorded: number;
  /** By cell, row-major: its column, or -1 where it was not recorded. */
  readonly columns: Int32Array;
  /** @returns The cell of a column, or -1 where the column lies in another parameter. */
  cellOf(column: number): number;
}

type Run = BlockInfo['cells'][number];

/** @throws Error where a run leads out of the parameter: the server's answer is damaged. */
export function cellsOfBlock(block: BlockInfo): BlockCells {
  const size = block.shape.reduce((product, axis) => product * axis, 1);
  const columns = new Int32Array(size).fill(-1);
  let recorded = 0;
  for (const [cell, count, step, column] of block.cells) {
    const last = cell + (count - 1) * step;
    if (Math.min(cell, last) < 0 || Math.max(cell, last) >= size) {
      throw new Error(`Cells ${cell} to ${last} of layer ${block.layer}, ${block.parameter}: it has ${size}`);
    }
    for (let i = 0; i < count; i++) columns[cell + i * step] = column + i;
    recorded += count;
  }
  const byColumn = [...block.cells].sort((a, b) => a[3] - b[3]);
  return { block, size, recorded, columns, cellOf: (column) => cellIn(byColumn, column) };
}

/** Among runs in the order of their columns. */
function cellIn(runs: readonly Run[], column: number): number {
  let [low, high] = [0, runs.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (runs[middle]![3] <= column) low = middle;
    else high = middle - 1;
  }
  const run = runs[low];
  if (run === undefined) return -1;
  const [cell, count, step, first] = run;
  const place = column - first;
  return place >= 0 && place < count ? cell + place * step : -1;
}
