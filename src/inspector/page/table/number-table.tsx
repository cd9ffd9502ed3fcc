import { shortNumber } from '../text/numbers';
import { roomAround, useWindow } from './use-window';

interface NumberTableProps {
  /** What the table is, for those who hear it. */
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: number;
  readonly row: (i: number) => readonly (number | string | null | undefined)[];
}

const rowHeight = 22;

/** Any number of rows of numbers, of which those in sight are drawn. */
export function NumberTable({ caption, header, rows, row }: NumberTableProps) {
  const { first, end, before, after, box } = useWindow(rows, rowHeight);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section class="number-table" ref={box} tabIndex={0} aria-label={caption}>
      <table aria-rowcount={rows + 1}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="windowed" style={roomAround(before, after)}>
          {Array.from({ length: end - first }, (_, i) => (
            <tr key={first + i} aria-rowindex={first + i + 2}>
              {row(first + i).map((value, column) => (
                <td key={column} title={typeof value === 'number' ? String(value) : undefined}>
                  {typeof value === 'number' ? shortNumber(value, 5) : (value ?? '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
