import { ink } from '../palette';
import { escaped, svgElement } from '../svg-element';
import type { TextStyle } from './font';

/** Where lines of text stand and how they look. */
interface TextPlace extends TextStyle {
  readonly x: number;
  /** The top of the first line. */
  readonly y: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** A white seam, for text that lies on lines. */
  readonly seam?: boolean;
}

/** From one line of text to the next, in letter heights. */
const lineHeight = 1.3;

/** How high so many lines of text are, in pixels. */
export const textHeight = (lines: number, { size }: TextStyle): number => lines * size * lineHeight;

/** Lines of text as SVG elements, one below the other. */
export function textLines(lines: readonly string[], place: TextPlace): string {
  const { x, y, size, bold = false, fill = ink, anchor = 'start', seam = false } = place;
  const look = {
    'font-size': size,
    'font-weight': bold ? 'bold' : undefined,
    'text-anchor': anchor,
    fill,
    ...(seam
      ? { stroke: 'white', 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
      : {}),
  };
  return lines
    .map((line, i) => svgElement('text', { x, y: y + textHeight(i, place) + size, ...look }, escaped(line)))
    .join('');
}
