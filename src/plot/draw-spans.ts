import type { Span } from './figure';
import type { TextStyle } from './labels/font';
import { textHeight, textLines } from './labels/text-lines';
import { textWidth } from './labels/text-width';
import { grey, shades } from './palette';
import { rounded, svgElement } from './svg-element';

const style: TextStyle = { size: 11 };

/** Between two spans, in pixels. */
const seam = 0.75;

/** Room above a panel for the labels of its spans, in pixels. */
export function spanRoom(spans: readonly Span[]): number {
  return spans.length === 0 ? 0 : textHeight(1, style);
}

/**
 * Stretches of x as shaded upright bands behind everything else, each with its label above it, where there is room for the
 * label between the ends.
 * @param place Where a value of x lies, in pixels.
 */
export function drawSpans(
  spans: readonly Span[],
  [first, last]: readonly [number, number],
  place: (x: number) => number,
  height: number,
): string {
  const drawn = spans.flatMap(({ from, to, label, brief, shade }) => {
    if (to <= first || from >= last) return [];
    const [left, right] = [place(Math.max(from, first)), place(Math.min(to, last))];
    // A seam keeps apart two of one colour, as long as there is something of them to be seen.
    const width = Math.max(right - left - seam, 0.5);
    const band = { x: rounded(left), y: 0, width: rounded(width), height, fill: shades[shade] };
    const fits = [label, brief ?? ''].find((text) => textWidth(text, style) + 4 <= right - left) ?? '';
    const at = {
      ...style,
      x: (left + right) / 2,
      y: -textHeight(1, style),
      anchor: 'middle',
      fill: grey,
    } as const;
    return [svgElement('rect', band), ...(fits === '' ? [] : [textLines([fits], at)])];
  });
  return drawn.join('');
}
