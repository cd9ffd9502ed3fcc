import { partsOf } from './aligned';
import type { ChartAxis, ChartData, Range } from './chart-data';
import { linearTicks, logTicks } from './ticks';

/** From values to places between 0 and 1. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

function scaleOf(axis: ChartAxis, values: Iterable<number>, pad: number): Scale {
  const fits = (value: number) => Number.isFinite(value) && (!axis.log || value > 0);
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (value: number) => {
    if (!fits(value)) return;
    from = Math.min(from, value);
    to = Math.max(to, value);
  };
  for (const value of values) take(value);
  for (const value of axis.include ?? []) take(value);
  if (from > to) [from, to] = axis.log ? [0.1, 1] : [0, 1];
  [from, to] = padded(from, to, axis.log === true, pad);
  const [low, high] = axis.log ? [Math.log10(from), Math.log10(to)] : [from, to];
  if (axis.log) {
    return {
      from,
      to,
      place: (value) => (Math.log10(value) - low) / (high - low),
      ticks: logTicks(from, to),
    };
  }
  return {
    from: low,
    to: high,
    place: (value) => (value - low) / (high - low),
    ticks: linearTicks(low, high, 5, axis.whole),
  };
}

/** The ends of an axis, with a part of their distance beyond each; a logarithmic one has a power of ten at least, to be read by. */
export function padded(from: number, to: number, log: boolean, pad: number): [number, number] {
  if (log) {
    const room = Math.max((to / from) ** pad, Math.sqrt(Math.max(1, 10 / (to / from))));
    return [from / room, to * room];
  }
  const room = to > from ? pad * (to - from) : Math.abs(from) / 10 || 1;
  return [from - room, to + room];
}

export function scalesOf(data: ChartData, range: Range | null): { x: Scale; y: Scale } {
  const inside = (at: number) => range === null || (at >= range[0] && at <= range[1]);
  if (range !== null) data = { ...data, x: { ...data.x, include: [] } };
  const xs = range ?? data.series.flatMap(({ x }) => Array.from(x));
  const spans = range === null ? (data.spans ?? []).flatMap(({ from, to }) => [from, to]) : [];
  const ys = data.series.flatMap((series) =>
    partsOf(series).flatMap(([, values]) =>
      Array.from(values).filter((value, i): value is number => value !== null && inside(series.x[i]!)),
    ),
  );
  return { x: scaleOf(data.x, [...xs, ...spans], 0), y: scaleOf(data.y, ys, 0.05) };
}
