/**
 * A stretch of rows made shorter or longer, the row under the pointer staying where it is.
 * @param part Where in the stretch the pointer is, from 0 to 1.
 * @returns Null for all rows.
 */
export function zoomedBy(
  [from, to]: readonly [number, number],
  rows: number,
  part: number,
  factor: number,
): readonly [number, number] | null {
  const length = Math.max(4, Math.round((to - from) * factor));
  if (length >= rows) return null;
  const middle = from + part * (to - from);
  const first = Math.min(rows - length, Math.max(0, Math.round(middle - part * length)));
  return [first, first + length];
}
