import type { Series } from './figure';

/**
 * The colours of Okabe and Ito (2008), which people who see few colours can tell apart. Yellow is left out, since it cannot
 * be read on white; black comes last.
 */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;

/** For text. */
export const ink = '#222222';

/** For what is not data: reference lines, axes, notes. */
export const grey = '#666666';

/** What stretches of x are shaded with: tints that neither a curve nor its label is hard to read on. */
export const shades = { pale: '#f4f4f4', warm: '#fbe9c4', cool: '#d9edf9' } as const;

/** For curves that others are compared with. */
export const mutedGrey = '#b8b8b8';

/** Viridis from its dark end to where it can still be read on white: an order of colours, for more curves than have names. */
const graded = ['#440154', '#3b528b', '#21918c', '#5ec962'] as const;

/** What a series has its colour from. */
export const colourKey = ({ group, label }: Pick<Series, 'group' | 'label'>): string => group ?? label;

/** A colour for each key, in the order of their first appearance; from dark to light, where there are more than seven. */
export function coloursOf(keys: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(keys)];
  const colour = (i: number) =>
    all.length <= palette.length ? palette[i]! : gradedColour(i / (all.length - 1));
  return new Map(all.map((key, i) => [key, colour(i)]));
}

/** The colour of a value in a map of cells: viridis, from the least (0) to the largest (1). What lies beyond has the colour of the end. */
export const heatColour = (place: number): string =>
  gradedColour(Math.min(1, Math.max(0, place)), [...graded, '#fde725']);

/** @param place from 0 to 1 */
function gradedColour(place: number, stops: readonly string[] = graded): string {
  const position = place * (stops.length - 1);
  const below = Math.min(Math.floor(position), stops.length - 2);
  const part = (colour: string, channel: number) =>
    Number.parseInt(colour.slice(1 + 2 * channel, 3 + 2 * channel), 16);
  const mixed = [0, 1, 2].map((channel) => {
    const [from, to] = [part(stops[below]!, channel), part(stops[below + 1]!, channel)];
    return Math.round(from + (position - below) * (to - from));
  });
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
