import type { Cells } from './figure';
import type { TextStyle } from './labels/font';
import { textLines } from './labels/text-lines';
import { heatColour } from './palette';
import { svgElement } from './svg-element';

/** Room beside a map of cells for the bar that says what its colours stand for, in pixels. */
export const colourBarRoom = 74;

const barStyle: TextStyle = { size: 11 };
const barSteps = 48;

interface CellPlace {
  /** Where columns and rows lie, in pixels. */
  place(direction: 'x' | 'y', value: number): number;
  /** Right end and bottom of the axes. */
  readonly right: number;
  readonly bottom: number;
}

/** The cells of a map, each a rectangle of its colour, and beside them the bar of colours with what they stand for. */
export function drawCells(cells: Cells, { place, right, bottom }: CellPlace): string {
  const { columns, values } = cells;
  const [low, high] = valueDomain(cells);
  const colourOf = (value: number) => heatColour(high > low ? (value - low) / (high - low) : 0.5);
  const rectangles = values.flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const [x, y] = [place('x', column), place('y', row)];
    const size = { width: place('x', column + 1) - x, height: place('y', row + 1) - y };
    return [svgElement('rect', { x, y, ...size, fill: colourOf(value) })];
  });
  const step = bottom / barSteps;
  const bar = Array.from({ length: barSteps }, (_, i) => {
    const y = bottom - (i + 1) * step;
    const fill = heatColour(i / (barSteps - 1));
    return svgElement('rect', { x: right + 14, y, width: 12, height: step, fill });
  });
  const labels = [0, 0.5, 1].map((part) => {
    const text = Number((low + part * (high - low)).toPrecision(2)).toString();
    const y = (1 - part) * (bottom - barStyle.size);
    return textLines([text], { ...barStyle, x: right + 31, y: y - 1 });
  });
  const sharp = { 'shape-rendering': 'crispEdges' };
  return [
    svgElement('g', sharp, ...rectangles, ...(high > low ? bar : [])),
    ...(high > low ? labels : []),
  ].join('');
}

/** What the darkest and the brightest colour stand for. */
function valueDomain({ values, domain }: Cells): readonly [number, number] {
  if (domain !== undefined) return domain;
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
