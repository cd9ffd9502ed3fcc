import type { Markish } from '@observablehq/plot';
import type { Point, Series } from './figure';
import type { ObservablePlot } from './observable-plot';

const place = { x: 'x', clip: 'frame' } as const;

/**
 * What shows a series' intervals: bars, where it is dots, else a band. They are to be drawn below every line.
 * @param bottom What stands for an interval's end that the axis cannot show.
 */
export function intervalMarks(
  plot: ObservablePlot,
  { kind = 'line', points, muted = false }: Series,
  colour: string,
  bottom: number,
): Markish[] {
  if (muted) return [];
  if (kind !== 'band' && points.every(({ low, high }) => low === undefined && high === undefined)) return [];
  const low = ({ low, y }: Point) => (Number.isNaN(low) ? bottom : (low ?? y));
  const high = ({ high, y }: Point) => high ?? y;
  const ends = { ...place, y1: low, y2: high };
  if (kind === 'dots') return [plot.ruleX(points, { ...ends, stroke: colour, strokeWidth: 1.2 })];
  return [plot.areaY(points, { ...ends, fill: colour, fillOpacity: kind === 'band' ? 0.25 : 0.15 })];
}

/** A series' line, which breaks where a point is missing, and its dots. A point that is alone is a dot always. */
export function lineMarks(
  plot: ObservablePlot,
  { kind = 'line', points, dashed = false, muted = false }: Series,
  colour: string,
): Markish[] {
  if (kind === 'band') return [];
  const marks: Markish[] = [];
  if (kind !== 'dots') {
    const dash = dashed ? { strokeDasharray: '5 4' } : {};
    const strokeWidth = muted ? 1 : 1.8;
    marks.push(plot.lineY(points, { ...place, y: 'y', stroke: colour, strokeWidth, ...dash }));
  }
  const dots = kind === 'line' ? points.filter((_, i) => isAlone(points, i)) : points;
  if (dots.length > 0) marks.push(plot.dot(dots, { ...place, y: 'y', fill: colour, r: muted ? 1.4 : 2.8 }));
  return marks;
}

/** Whether a point is shown and neither of its neighbours is, so that no line would reach it. */
function isAlone(points: readonly Point[], i: number): boolean {
  const isShown = (point: Point | undefined) => point !== undefined && Number.isFinite(point.y);
  return isShown(points[i]) && !isShown(points[i - 1]) && !isShown(points[i + 1]);
}
