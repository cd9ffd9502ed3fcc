/** A table's column. */
export interface Column {
  /** One line or several. */
  readonly head: readonly string[];
  /** Text to the left, numbers to the right. */
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
}

/** Columns side by side, aligned, two spaces apart; the same on every terminal, without colours. */
export function textTable(columns: readonly Column[]): string[] {
  const heads = Math.max(...columns.map(({ head }) => head.length));
  const padded = columns.map(({ head, align, cells }) => {
    const lines = [...Array<string>(heads - head.length).fill(''), ...head, ...cells];
    const width = Math.max(...lines.map(widthOf));
    const room = (text: string) => ' '.repeat(width - widthOf(text));
    return lines.map((text) => (align === 'left' ? text + room(text) : room(text) + text));
  });
  return padded[0]!.map((_, line) =>
    padded
      .map((column) => column[line]!)
      .join('  ')
      .trimEnd(),
  );
}

/** In characters as people count them, not in UTF-16's units. */
const widthOf = (text: string): number => [...text].length;
