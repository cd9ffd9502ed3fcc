export interface RowWindow {
  readonly first: number;
  /** Not among them. */
  readonly end: number;
  /** Pixels of rows left away before and after. */
  readonly before: number;
  readonly after: number;
}

/** Which of `count` rows of `rowHeight` pixels are drawn, some more than can be seen so that none is missed while scrolling. */
export function rowWindow(
  scrolled: number,
  height: number,
  rowHeight: number,
  count: number,
  more = 12,
): RowWindow {
  const top = Math.min(Math.max(0, scrolled), Math.max(0, count * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - more);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + more);
  return { first, end, before: first * rowHeight, after: (count - end) * rowHeight };
}
