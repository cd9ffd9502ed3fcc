/**
 * The colours of Okabe and Ito (2008), which people who see few colours can tell apart. Yellow is left out, since it cannot
 * be read on white; black comes last.
 */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;

/** For text. */
export const ink = '#222222';

/** For what is not data: reference lines, axes, notes. */
export const grey = '#666666';

/** A colour for each label, in the order of their first appearance. From the eighth on, colours come again. */
export function coloursOf(labels: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(labels)].map((label, i) => [label, palette[i % palette.length]!]));
}
