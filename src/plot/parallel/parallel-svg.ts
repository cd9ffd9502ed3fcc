import { fontFamily, type TextStyle } from '../labels/font';
import { textHeight, textLines } from '../labels/text-lines';
import { textWidth } from '../labels/text-width';
import { wrapText } from '../labels/wrap-text';
import { grey, heatColour, ink, mutedGrey } from '../palette';
import { svgElement, svgNamespace } from '../svg-element';
import type { ParallelFigure, ParallelLine } from './parallel-figure';
import { placeOnAxis, ticksOf } from './place-on-axis';

const titleStyle: TextStyle = { size: 16, bold: true };
const axisStyle: TextStyle = { size: 12, bold: true };
const tickStyle: TextStyle = { size: 11 };
const captionStyle: TextStyle = { size: 12 };
const border = 16;
const height = 340;
const leastWidth = 680;
/** From one axis to the next, where there are many. */
const leastGap = 120;
const barWidth = 12;
const barSteps = 48;
/** Of viridis, the part that can be read on white; its dark end is the least value. */
const readable = 0.78;
/** How far lines through the same level lie apart at the most, as a part of the axis. */
const spread = 0.03;

/**
 * Draws parallel coordinates: a line for each trial, coloured by the last axis, pale ones behind. Lines that share a level lie side by side there.
 * @returns An SVG document; the same figure gives the same text.
 */
export function parallelSvg({ title, caption, command, axes, lines }: ParallelFigure): string {
  const ticks = axes.map(ticksOf);
  const widest = (axis: number) =>
    Math.max(0, ...ticks[axis]!.map(({ label }) => textWidth(label, tickStyle)));
  const named = lines.filter(({ label }) => label !== undefined);
  const left = widest(0) + 14;
  const last = axes.length - 1;
  const right =
    barWidth + 10 + Math.max(widest(last), ...named.map(({ label }) => textWidth(label!, axisStyle) + 40));
  const inside = Math.max(leastWidth, left + right + last * leastGap);
  const gap = (inside - left - right) / Math.max(1, last);
  const x = (axis: number) => border + left + axis * gap;
  const parts: string[] = [];
  let y = border;
  const write = (text: string, style: TextStyle, below: number): void => {
    const rows = wrapText(text, inside, style);
    parts.push(textLines(rows, { ...style, x: border, y }));
    y += textHeight(rows.length, style) + below;
  };
  write(title, titleStyle, 14);

  // Labels that are wider than there is room stand in two rows, every other one above.
  const isTight = axes.some(({ label }) => textWidth(label, axisStyle) > gap - 8);
  const rowHeight = textHeight(1, axisStyle);
  axes.forEach(({ label }, axis) => {
    const row = isTight && axis % 2 === 0 ? 0 : 1;
    const end = axis === 0 ? 'start' : axis === last ? 'end' : 'middle';
    const at = axis === 0 ? border : axis === last ? border + inside : x(axis);
    parts.push(
      textLines([label], { ...axisStyle, x: at, y: y + (isTight ? row * rowHeight : 0), anchor: end }),
    );
  });
  y += (isTight ? 2 : 1) * rowHeight + 10;

  const top = y;
  const heightOf = (axis: number, value: number) => top + height * (1 - placeOnAxis(axes[axis]!, value));
  const order = drawingOrder(lines);
  const beside = offsets(axes.length, lines);
  const pointsOf = (line: ParallelLine, i: number) =>
    line.values.flatMap((value, axis) => {
      if (value === null) return [];
      const shift = axes[axis]!.scale === 'levels' ? beside[i]![axis]! * spread * height : 0;
      return [[x(axis), heightOf(axis, value) + shift] as const];
    });
  const colourOf = (line: ParallelLine) => {
    const value = line.values[last]!;
    return value === null ? mutedGrey : heatColour(readable * placeOnAxis(axes[last]!, value));
  };
  const polyline = (i: number, look: Readonly<Record<string, string | number>>) => {
    const points = pointsOf(lines[i]!, i).map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`);
    return svgElement('polyline', {
      points: points.join(' '),
      fill: 'none',
      'stroke-linejoin': 'round',
      ...look,
    });
  };
  const dense = Math.min(1, 40 / Math.max(1, lines.length));
  for (const i of order) {
    const line = lines[i]!;
    if (line.label !== undefined) parts.push(polyline(i, { stroke: ink, 'stroke-width': 5 }));
    parts.push(
      polyline(i, {
        stroke: line.label === undefined ? colourOf(line) : bestColour,
        'stroke-width': line.label !== undefined ? 3 : line.pale ? 1 : 1.8,
        'stroke-opacity': line.label !== undefined ? 1 : line.pale ? 0.15 + 0.3 * dense : 0.6 + 0.4 * dense,
      }),
    );
  }

  axes.forEach((_, which) => {
    if (which === last) parts.push(colourBar(x(which), top));
    else
      parts.push(
        svgElement('line', {
          x1: x(which),
          x2: x(which),
          y1: top,
          y2: top + height,
          stroke: grey,
          'stroke-width': 1,
        }),
      );
    for (const { value, label } of ticks[which]!) {
      const at = heightOf(which, value);
      const side = which === last ? barWidth : -4;
      const ends =
        which === last
          ? { x1: x(which) + barWidth, x2: x(which) + barWidth + 4 }
          : { x1: x(which) - 4, x2: x(which) };
      parts.push(svgElement('line', { ...ends, y1: at, y2: at, stroke: grey, 'stroke-width': 1 }));
      parts.push(
        textLines([label], {
          ...{ ...tickStyle, x: x(which) + side + (which === last ? 6 : -3), y: at - tickStyle.size * 0.64 },
          anchor: which === last ? 'start' : 'end',
          seam: true,
        }),
      );
    }
  });
  for (const line of named) {
    const value = line.values[last];
    if (value === null || value === undefined) continue;
    parts.push(
      textLines([line.label!], {
        ...{
          ...axisStyle,
          x: x(last) + barWidth + 10 + 36,
          y: heightOf(last, value) - axisStyle.size * 0.64,
        },
        ...{ fill: bestText, seam: true },
      }),
    );
  }
  y += height + 22;
  write(caption, captionStyle, 6);
  write(`Made by: ${command}`, captionStyle, border);

  const [width, whole] = [Math.ceil(inside + 2 * border), Math.ceil(y)];
  const page = { xmlns: svgNamespace, width, height: whole, viewBox: `0 0 ${width} ${whole}` };
  const look = { 'font-family': fontFamily, color: ink };
  const ground = svgElement('rect', { width, height: whole, fill: 'white' });
  return `${svgElement('svg', { ...page, ...look }, ground, ...parts)}\n`;
}

/** Vermilion, which no colour of the bar is, for people who see few colours neither; for text a darker one. */
const bestColour = '#d55e00';
const bestText = '#a84a00';

/** What the colours stand for: the last axis itself. */
function colourBar(x: number, top: number): string {
  const step = height / barSteps;
  const bars = Array.from({ length: barSteps }, (_, i) =>
    svgElement('rect', {
      ...{ x, y: top + height - (i + 1) * step, width: barWidth, height: step + 0.2 },
      fill: heatColour((readable * (i + 0.5)) / barSteps),
    }),
  );
  return svgElement('g', { 'shape-rendering': 'crispEdges' }, ...bars);
}

/** Pale lines first, then the others, those with a label last. */
function drawingOrder(lines: readonly ParallelLine[]): number[] {
  const rank = ({ pale, label }: ParallelLine) => (label !== undefined ? 2 : pale ? 0 : 1);
  return lines.map((_, i) => i).sort((a, b) => rank(lines[a]!) - rank(lines[b]!));
}

/** For each line and axis, from -1/2 to 1/2: where it lies among those with the same value there. */
function offsets(axes: number, lines: readonly ParallelLine[]): number[][] {
  const found = lines.map(() => Array<number>(axes).fill(0));
  for (let axis = 0; axis < axes; axis++) {
    const alike = new Map<number | null, number[]>();
    lines.forEach(({ values }, i) => {
      alike.set(values[axis]!, [...(alike.get(values[axis]!) ?? []), i]);
    });
    for (const group of alike.values())
      group.forEach((i, place) => {
        found[i]![axis] = group.length === 1 ? 0 : place / (group.length - 1) - 0.5;
      });
  }
  return found;
}
