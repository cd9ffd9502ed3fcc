import { rounded, svgElement } from '../svg-element';
import type { TextStyle } from './font';
import { textHeight, textLines } from './text-lines';
import { textWidth } from './text-width';
import { withoutOverlap } from './without-overlap';
import { wrapText } from './wrap-text';

/** A label to the right of a panel, for what ends at a point in it. Pixels, from the panel's left upper corner. */
export interface EndLabel {
  readonly lines: readonly string[];
  readonly colour: string;
  /** The end of what is labelled. */
  readonly x: number;
  readonly y: number;
}

const style: TextStyle = { size: 12 };

/** A label is broken into lines beyond this width, in pixels. */
const widest = 150;

/** Room for the short line from a curve's end to its label, in pixels. */
const leader = 14;

/** A label's lines, of about the same width. */
export function labelLines(label: string): string[] {
  const lines = wrapText(label, widest, style);
  const even = wrapText(label, (1.15 * textWidth(label, style)) / lines.length, style);
  return even.length === lines.length ? even : lines;
}

/** How wide the margin to the right of a panel must be for its labels, in pixels. */
export function labelMargin(labels: readonly (readonly string[])[]): number {
  const widths = labels.flat().map((line) => textWidth(line, style));
  return widths.length === 0 ? 12 : Math.ceil(Math.max(...widths)) + leader + 8;
}

/** How high a panel must be at least so that its labels do not overlap, in pixels. */
export function labelsHeight(labels: readonly (readonly string[])[]): number {
  return labels.reduce((sum, { length }) => sum + textHeight(length, style), 0);
}

/**
 * Labels beside a panel's right edge, each as near to its curve's end as the others allow, joined to it by a thin dotted line.
 */
export function drawLabels(labels: readonly EndLabel[], right: number, bottom: number): string {
  const items = labels.map(({ y, lines }) => ({ centre: y, height: textHeight(lines.length, style) }));
  const centres = withoutOverlap(items, 0, bottom);
  const drawn = labels.map(({ lines, colour, x, y }, i) => {
    const to = right + leader - 3;
    const d = `M${rounded(x)},${rounded(y)}H${rounded(Math.max(x, right))}L${to},${rounded(centres[i]!)}`;
    const line = { d, fill: 'none', stroke: colour, 'stroke-width': 0.9, 'stroke-dasharray': '1.5 2.5' };
    const top = centres[i]! - items[i]!.height / 2;
    return svgElement('path', line) + textLines(lines, { ...style, x: right + leader, y: top, fill: colour });
  });
  return drawn.join('');
}
