/** 256 colours as they lie in the bytes of an image, red, green, blue, opaque. */
export type ColourTable = Uint32Array;

export type ColourKind = 'diverging' | 'sequential';
export type Theme = 'light' | 'dark';

export const tableLength = 256;

/** Matplotlib's viridis (van der Walt and Smith 2015) at nine places. */
const viridis = [
  ...['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'],
];

/** Blue to orange, which people who see few colours can distinguish; in the middle what the page is like, so that 0 is quiet. */
const diverging: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#08306b', '#1f6fb4', '#8abfe0', '#f4f4f2', '#fdb777', '#d9630f', '#7a2a04'],
  dark: ['#d3e8ff', '#63aef0', '#215f9c', '#1b1e23', '#96480f', '#f08c3c', '#ffe3c4'],
};

export const colourTable = (kind: ColourKind, theme: Theme): ColourTable =>
  blend(kind === 'sequential' ? viridis : diverging[theme]);

function blend(stops: readonly string[]): ColourTable {
  const bytes = new Uint8Array(4 * tableLength);
  const parts = stops.map((stop) => [1, 3, 5].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));
  for (let i = 0; i < tableLength; i++) {
    const position = (i / (tableLength - 1)) * (stops.length - 1);
    const below = Math.min(Math.floor(position), stops.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [parts[below]![channel]!, parts[below + 1]![channel]!];
      bytes[4 * i + channel] = Math.round(from + (position - below) * (to - from));
    }
    bytes[4 * i + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/** `#rrggbb` of an entry. */
export function hexOf(table: ColourTable, entry: number): string {
  const [red, green, blue] = new Uint8Array(table.buffer, table.byteOffset + 4 * entry, 3);
  return `#${[red!, green!, blue!].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
