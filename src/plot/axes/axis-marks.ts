import type { AxisXOptions, GridXOptions, Markish } from '@observablehq/plot';
import type { Axis } from '../figure';
import type { ObservablePlot } from '../observable-plot';
import { grey, ink } from '../palette';
import { logTicks, logTicksWithZero } from './log-ticks';
import { powerLabel } from './power-label';

/**
 * Ticks with labels, and a faint grid, for one axis. What it shows is written by the panel.
 * @param ofCells Whether it counts the cells of a map, which need no grid.
 */
export function axisMarks(
  plot: ObservablePlot,
  which: 'x' | 'y',
  { scale, withZero = false }: Axis,
  [from, to]: readonly [number, number],
  values: readonly number[],
  ofCells = false,
): Markish[] {
  const axis = (options: AxisXOptions): Markish => {
    const all = { label: null, color: grey, fill: ink, fontSize: tickSize, ...options };
    return which === 'x' ? plot.axisX(all) : plot.axisY(all);
  };
  const grid = (options: GridXOptions): Markish => {
    const all = { stroke: ink, strokeOpacity: 0.1, ...options };
    return which === 'x' ? plot.gridX(all) : plot.gridY(all);
  };
  if (scale === 'log') {
    const { labelled, bare } = withZero ? logTicksWithZero(from, to) : logTicks(from, to);
    const labels = new Map(labelled.map(({ value, label }) => [value, label]));
    const ticks = [...labels.keys()];
    return [
      grid({ ticks }),
      axis({ ticks, tickFormat: (value: number) => labels.get(value)! }),
      axis({ ticks: [...bare], tickSize: 3, tickFormat: () => '' }),
    ];
  }
  const isCount = (which === 'x' || ofCells) && values.every(Number.isInteger) && to - from < 8;
  const where = isCount ? { ticks: wholeNumbers(from, to) } : { tickSpacing: which === 'x' ? 70 : 40 };
  return [
    ...(ofCells ? [] : [grid(where)]),
    axis({ ...where, ...(isCount ? { tickFormat: String } : smallLabels(from, to)) }),
  ];
}

/** Height of tick labels, in pixels. */
export const tickSize = 11;

/** What is counted has no halves. */
function wholeNumbers(from: number, to: number): number[] {
  const first = Math.ceil(from);
  return Array.from({ length: Math.floor(to) - first + 1 }, (_, i) => first + i);
}

/** Powers of ten, where plain numbers would begin with many zeros. */
function smallLabels(from: number, to: number): Pick<AxisXOptions, 'tickFormat'> {
  return Math.max(Math.abs(from), Math.abs(to)) < 1e-3 ? { tickFormat: powerLabel } : {};
}
