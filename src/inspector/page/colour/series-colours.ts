/** How many colours stand beside each other: those of Okabe and Ito, as CSS variables, since dark ground needs others than light. */
export const ownColours = 7;

/** Dashes for when the colours come around again. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

/** The colour of the i-th group of curves. */
export const seriesColour = (i: number): string => `var(--series-${(i % ownColours) + 1})`;

/** Its dash, which distinguishes it from the one of the same colour before. */
export const seriesDash = (i: number): readonly number[] =>
  dashes[Math.floor(i / ownColours) % dashes.length]!;
