import type { BlockInfo } from '../../../protocol/runs';
import { cellsOfBlock } from '../cells/block-cells';
import { cellIndices } from '../cells/cell-words';

const places = ['to', 'from', 'depth', 'row', 'column'];

/**
 * A frame as comma-separated values: a line a column of the trace, with the connection that it is, and each variable in full.
 * @param variables Of each, its name and its values by column.
 */
export function frameCsv(
  blocks: readonly BlockInfo[],
  variables: readonly (readonly [name: string, values: Float64Array])[],
): string {
  const head = ['synapse', 'layer', 'parameter', ...places, ...variables.map(([name]) => name)];
  const lines: string[] = [];
  for (const block of blocks) {
    cellsOfBlock(block).columns.forEach((column, cell) => {
      if (column < 0) return;
      const indices = cellIndices(block, cell);
      const at = places.map((axis) =>
        indices
          .filter(([name]) => name === axis)
          .map(([, index]) => index)
          .join(' '),
      );
      const values = variables.map(([, all]) => String(all[column]));
      lines[column] = [column, block.layer, block.parameter, ...at, ...values].join(',');
    });
  }
  return `${[head.join(','), ...lines.filter((line) => line !== undefined)].join('\n')}\n`;
}
