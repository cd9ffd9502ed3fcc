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

export function scaleOf(axis: ChartAxis, values: Iterable<number>, pad: number): Scale {
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
  if (axis.log) {
    const room = to > from ? (to / from) ** pad : 2;
    [from, to] = [from / room, to * room];
    const [low, high] = [Math.log10(from), Math.log10(to)];
    return {
      from,
      to,
      place: (value) => (Math.log10(value) - low) / (high - low),
      ticks: logTicks(from, to),
    };
  }
  const room = to > from ? pad * (to - from) : Math.abs(from) / 10 || 1;
  const [low, high] = [from - room, to + room];
  return {
    from: low,
    to: high,
    place: (value) => (value - low) / (high - low),
    ticks: linearTicks(low, high, 5, axis.whole),
  };
}

export function scalesOf(data: ChartData, range: Range | null): { x: Scale; y: Scale } {
  const inside = (at: number) => range === null || (at >= range[0] && at <= range[1]);
  const xs = range ?? data.series.flatMap(({ x }) => Array.from(x));
  const spans = range === null ? (data.spans ?? []).flatMap(({ from, to }) => [from, to]) : [];
  const ys = data.series.flatMap((series) =>
    partsOf(series).flatMap(([, values]) =>
      Array.from(values).filter((value, i): value is number => value !== null && inside(series.x[i]!)),
    ),
  );
  return { x: scaleOf(data.x, [...xs, ...spans], 0), y: scaleOf(data.y, ys, 0.05) };
}
