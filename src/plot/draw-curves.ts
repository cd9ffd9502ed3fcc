import type { Plot, ScaleOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { axisMarks, tickSize } from './axes/axis-marks';
import type { Axis, ReferenceLine, Series } from './figure';
import { textWidth } from './labels/text-width';
import { observablePlot } from './observable-plot';
import { colourKey, grey, mutedGrey } from './palette';
import { intervalMarks, lineMarks } from './series-marks';

/** One direction of a panel. */
export interface Direction {
  readonly axis: Axis;
  readonly domain: readonly [number, number];
  /** Every value that is shown. */
  readonly values: readonly number[];
  /** Reference lines across it. */
  readonly marks: readonly ReferenceLine[];
}

export interface Curves {
  readonly x: Direction;
  readonly y: Direction;
  readonly series: readonly Series[];
  readonly colours: ReadonlyMap<string, string>;
  /** The panel's width, and where in it the axes begin and end, in pixels. */
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Whether they are of a map of cells, whose rows go downwards. */
  readonly ofCells: boolean;
}

/** Axes with curves in them. */
export interface DrawnCurves {
  /** SVG elements. */
  readonly drawn: string;
  /** Where values lie, in pixels. */
  place(direction: 'x' | 'y', value: number): number;
}

/** Room below the axes for tick labels, in pixels. */
export const tickRoom = tickSize + 12;

/** How much room to the left of a panel's axes, and to the right, its tick labels need, in pixels. */
export function tickMargins(
  { x, y }: Record<'x' | 'y', Direction>,
  { width, height }: Record<'width' | 'height', number>,
): { readonly left: number; readonly right: number } {
  const plot = observablePlot();
  const ticks = plot.plot({
    document: parseHTML('<html></html>').document,
    ...{ width, height, marginTop: 0, marginBottom: tickRoom },
    ...{ x: scaleOf(x), y: scaleOf(y) },
    marks: [
      ...axisMarks(plot, 'x', x.axis, x.domain, x.values),
      ...axisMarks(plot, 'y', y.axis, y.domain, y.values),
    ],
  }) as Picture;
  // A tick at an axis' end has half of its label beyond it.
  return { left: widestTick(ticks, 'y') + 12, right: Math.ceil(widestTick(ticks, 'x') / 2) + 2 };
}

/** Draws axes and curves by Observable Plot. */
export function drawCurves(curves: Curves): DrawnCurves {
  const drawn = plotted(curves);
  // Its style sheet is left out: its rules are for a page of its own.
  drawn.querySelector('style')?.remove();
  const look = 'fill="currentColor" text-anchor="middle"';
  return {
    drawn: `<g ${look}>${drawn.innerHTML}</g>`,
    place: (direction, value) => drawn.scale(direction)!.apply(value),
  };
}

function plotted({ x, y, series, colours, width, left, right, bottom, ofCells }: Curves) {
  const plot = observablePlot();
  const colourOf = (one: Series) => (one.muted === true ? mutedGrey : colours.get(colourKey(one))!);
  const ordered = [...series].sort((a, b) => Number(b.muted === true) - Number(a.muted === true));
  const dotted = { stroke: grey, strokeDasharray: '2 3', clip: 'frame' } as const;
  return plot.plot({
    document: parseHTML('<html></html>').document,
    ...{ width, height: bottom + tickRoom },
    ...{ marginLeft: left, marginRight: width - right, marginTop: 0, marginBottom: tickRoom },
    x: scaleOf(x),
    y: { ...scaleOf(y), reverse: ofCells },
    marks: [
      ...axisMarks(plot, 'x', x.axis, x.domain, x.values, ofCells),
      ...axisMarks(plot, 'y', y.axis, y.domain, y.values, ofCells),
      plot.frame({ stroke: grey, strokeOpacity: 0.5 }),
      plot.ruleX(x.marks, { x: 'at', ...dotted }),
      plot.ruleY(y.marks, { y: 'at', ...dotted }),
      ...ordered.flatMap((one) => intervalMarks(plot, one, colourOf(one), y.domain[0])),
      ...ordered.flatMap((one) => lineMarks(plot, one, colourOf(one))),
    ],
  }) as Picture;
}

function scaleOf({ axis: { scale, withZero = false }, domain }: Direction): ScaleOptions {
  return { type: scale === 'log' && withZero ? 'symlog' : scale, domain: [...domain] };
}

/** What is asked of what Observable Plot gives: an element of the page, which TypeScript does not know here. */
type Picture = Pick<Plot, 'scale'> & {
  readonly innerHTML: string;
  querySelector(selector: string): { remove(): void } | null;
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
};

function widestTick(picture: Picture, which: 'x' | 'y'): number {
  const labels = [...picture.querySelectorAll(`[aria-label="${which}-axis tick label"] text`)];
  return Math.ceil(
    Math.max(0, ...labels.map(({ textContent }) => textWidth(textContent, { size: tickSize }))),
  );
}
