/** Numbers that are looked at to find a colour scale: so many are read in well under a second. */
const mostNumbers = 4_000_000;
const mostRows = 32;

/** Rows spread evenly over a trace, the first and the last among them: those that a colour scale which is fixed over time is of. */
export function sampledRows(rows: number, synapses: number): readonly number[] {
  const count = Math.min(rows, mostRows, Math.max(2, Math.floor(mostNumbers / Math.max(1, synapses))));
  if (count <= 1) return rows > 0 ? [0] : [];
  return Array.from({ length: count }, (_, i) => Math.round((i * (rows - 1)) / (count - 1)));
}
