import { synapse } from '../../state/state';
import { shown } from '../../text/symbols';
import type { BlockCells } from '../cells/block-cells';
import { blockInWords, cellIndices } from '../cells/cell-words';
import { cellAtPlace, gridOf, placeOfCell, type Sheet } from '../cells/sheet';
import { openSynapse } from '../state';
import type { WatchedTrace } from '../watched-trace';

interface CellTableProps {
  readonly watched: WatchedTrace;
  readonly variable: string;
  readonly cells: BlockCells;
  readonly sheet: Sheet;
}

/** Rows and columns of cells that the table has at most. */
const [mostRows, mostColumns] = [20, 8];

/** The numbers behind a map: a window of its cells, around the synapse that is open. */
export function CellTable({ watched, variable, cells, sheet }: CellTableProps) {
  const values = watched.shown.value?.variables.get(variable)?.values;
  const grid = gridOf(sheet);
  const open = cells.cellOf(synapse.value ?? -1);
  const middle = open < 0 ? { row: 0, column: 0 } : placeOfCell(sheet, open);
  const rows = windowOf(middle.row, mostRows, grid.rows);
  const columns = windowOf(middle.column, mostColumns, grid.columns);
  const name = `${shown(variable)} of ${blockInWords(cells.block)}`;
  const label = (cell: number, which: 'row' | 'column') => {
    const indices = cellIndices(cells.block, cell);
    const own = indices.filter(([axis]) =>
      which === 'row' ? ['to', 'depth', 'row'].includes(axis) : ['from', 'column'].includes(axis),
    );
    return own.map(([axis, index]) => `${axis} ${index}`).join(', ');
  };
  const at = (row: number, column: number) => cellAtPlace(sheet, { row, column });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section class="number-table cell-table" tabIndex={0} aria-label={`Table of ${name}`}>
      <table>
        <caption>
          {rows.length * columns.length < cells.size
            ? `${rows.length} × ${columns.length} of ${grid.rows} × ${grid.columns} cells, around the synapse that is open`
            : name}
        </caption>
        <thead>
          <tr>
            <th />
            {columns.map((column) => (
              <th key={column} scope="col">
                {label(at(rows[0]!, column), 'column')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{label(at(row, columns[0]!), 'row')}</th>
              {columns.map((column) => {
                const recorded = cells.columns[at(row, column)]!;
                return (
                  <td key={column}>
                    {recorded < 0 ? (
                      <span class="muted">not recorded</span>
                    ) : (
                      <button type="button" class="quiet mono" onClick={() => openSynapse(recorded, false)}>
                        {values === undefined ? '' : String(values[recorded])}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function windowOf(middle: number, most: number, count: number): readonly number[] {
  const length = Math.min(most, count);
  const first = Math.min(count - length, Math.max(0, middle - Math.floor(length / 2)));
  return Array.from({ length }, (_, i) => first + i);
}
