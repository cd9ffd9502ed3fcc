import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { resolved } from '../colour/resolve';
import { shortNumber } from '../text/numbers';
import type { Aligned } from './aligned';
import type { ChartData, ChartSeries, Range } from './chart-data';
import { mainColumns } from './readout';
import { padded } from './scale';
import { logTicks } from './ticks';

interface Shown {
  readonly chart: ChartData;
  readonly aligned: Aligned;
}

interface PlotOptions {
  readonly height: number;
  /** What is to be drawn now: looked up at each drawing. */
  readonly shown: () => Shown;
  /** Whether a stretch of x was chosen, which is then shown as it is. */
  readonly zoomed: () => boolean;
  /** A place of x, and a height in pixels, the pointer is at; null as it leaves. */
  readonly onPointer: (at: number | null, top: number) => void;
  readonly onRange: (range: Range | null) => void;
  /** Not called after a drag: uPlot keeps such clicks to itself. */
  readonly onClick: () => void;
}

export interface Plot {
  readonly plot: UPlot;
  /** Draws a curve over the others, and a point on it; -1 none. */
  readonly stress: (series: number, at: number) => void;
  readonly destroy: () => void;
}

const font = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const faded = (colour: string, part: number) =>
  colour.replace(/^rgb\((.*)\)$/, (_, channels) => `rgba(${channels}, ${part})`);
/** Curves of more points have none of them marked. */
const mostPoints = 40;
/** More curves than this are drawn thinner, and lighter, so that where many lie can be seen. */
const many = 24;

/** From mark to mark of an axis that counts: 1, 2, 5, 10, ... up to 5e14. */
const wholeSteps = Array.from({ length: 45 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** Math.floor(i / 3));

/** uPlot with what charts of the page have in common; the component `Chart` has the rest. */
export function makePlot(target: HTMLElement, options: PlotOptions): Plot {
  const { chart, aligned } = options.shown();
  const crowd = chart.series.length > many;
  const tick = (_: UPlot, splits: (number | null)[]) =>
    splits.map((value) => (value === null || value === undefined ? '' : shortNumber(value)));
  const axis = ({ label, log, whole }: ChartData['x'], which: 'x' | 'y'): UPlot.Axis => ({
    label,
    labelFont: font,
    font,
    labelSize: 18,
    labelGap: 2,
    size: which === 'x' ? 26 : widthOf,
    gap: 4,
    space: which === 'x' ? 60 : 30,
    stroke: () => resolved('var(--muted)'),
    grid: { stroke: () => resolved('var(--grid)'), width: 1, show: which === 'y' },
    ticks: { stroke: () => resolved('var(--axis)'), width: 1, size: 4 },
    border: { show: true, stroke: () => resolved('var(--axis)'), width: 1 },
    values: tick,
    ...(log ? { splits: (_, __, from, to) => logTicks(from, to), filter: (_, splits) => splits } : {}),
    ...(whole && !log ? { incrs: wholeSteps } : {}),
  });
  const columns = aligned.columns.map(({ series: i, part }): UPlot.Series => {
    const series = chart.series[i]!;
    return lineOf(series, part, crowd);
  });
  const bands = aligned.columns.flatMap(({ series: i, part }, column): UPlot.Band[] =>
    part === 'high'
      ? [
          {
            series: [column + 1, column],
            fill: () => faded(resolved(chart.series[i]!.colour), crowd ? 0.06 : 0.18),
          },
        ]
      : [],
  );
  const scale = ({ log, include }: ChartData['x'], which: 'x' | 'y'): UPlot.Scale => ({
    time: false,
    distr: log ? 3 : 1,
    range: (_, least, largest) =>
      which === 'x' && options.zoomed() && least !== null && largest !== null
        ? [least, largest]
        : rangeOf(least, largest, log === true, include, which === 'x' ? 0 : 0.05),
  });

  let overlay: HTMLCanvasElement | undefined;
  let stressed = { series: -1, at: -1 };
  const plot = new UPlot(
    {
      width: Math.max(200, target.clientWidth),
      height: options.height,
      padding: [(chart.spans?.length ?? 0) > 0 ? 18 : 10, 14, 0, 0],
      legend: { show: false },
      focus: { alpha: 1 },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: true },
        bind: {
          dblclick: () => () => {
            options.onRange(null);
            return null;
          },
        },
      },
      scales: { x: scale(chart.x, 'x'), y: scale(chart.y, 'y') },
      axes: [axis(chart.x, 'x'), axis(chart.y, 'y')],
      series: [{}, ...columns],
      bands,
      hooks: {
        drawClear: [(u) => drawSpans(u, options.shown().chart)],
        draw: [(u) => drawMarks(u, options.shown().chart), () => stress(stressed.series, stressed.at)],
        setCursor: [
          (u) => {
            const { left, top, idx } = u.cursor;
            if (left === undefined || left < 0 || idx === null || idx === undefined)
              options.onPointer(null, 0);
            else options.onPointer(idx, top ?? 0);
          },
        ],
        setSelect: [
          (u) => {
            if (u.select.width < 3) return;
            const [from, to] = [
              u.posToVal(u.select.left, 'x'),
              u.posToVal(u.select.left + u.select.width, 'x'),
            ];
            options.onRange([from, to]);
          },
        ],
      },
    },
    dataOf(aligned),
    target,
  );

  function stress(series: number, at: number) {
    stressed = { series, at };
    const { chart: now, aligned: data } = options.shown();
    overlay ??= plot.over.parentElement!.appendChild(document.createElement('canvas'));
    overlay.className = 'chart-overlay';
    const { width, height } = plot.ctx.canvas;
    if (overlay.width !== width || overlay.height !== height) {
      overlay.width = width;
      overlay.height = height;
      overlay.style.width = plot.ctx.canvas.style.width;
      overlay.style.height = plot.ctx.canvas.style.height;
    }
    const context = overlay.getContext('2d')!;
    context.clearRect(0, 0, width, height);
    const column = series === -1 ? -1 : mainColumns(data, now.series.length)[series]!;
    if (column === undefined || column === -1) return;
    const { values } = data.columns[column]!;
    context.save();
    const { left, top, width: wide, height: high } = plot.bbox;
    context.beginPath();
    context.rect(left - 6, top - 6, wide + 12, high + 12);
    context.clip();
    const colour = resolved(now.series[series]!.colour);
    const place = (i: number) =>
      [plot.valToPos(data.x[i]!, 'x', true), plot.valToPos(values[i] as number, 'y', true)] as const;
    if (
      now.series.length > 1 &&
      now.series[series]!.points !== 'only' &&
      now.series[series]!.points !== 'ring'
    ) {
      context.beginPath();
      let open = false;
      for (let i = 0; i < values.length; i++) {
        if (values[i] === null) open = false;
        if (typeof values[i] !== 'number') continue;
        const [x, y] = place(i);
        if (open) context.lineTo(x, y);
        else context.moveTo(x, y);
        open = true;
      }
      context.strokeStyle = colour;
      context.lineWidth = 2.5 * UPlot.pxRatio;
      context.stroke();
    }
    if (typeof values[at] === 'number') {
      const [x, y] = place(at);
      context.beginPath();
      context.arc(x, y, 4 * UPlot.pxRatio, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
      context.strokeStyle = resolved('var(--ground)');
      context.lineWidth = 1.5 * UPlot.pxRatio;
      context.stroke();
    }
    context.restore();
  }

  // uPlot binds clicks on its legend only.
  plot.over.addEventListener('click', () => options.onClick());

  const resize = new ResizeObserver(() => {
    const width = target.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: options.height });
  });
  resize.observe(target);
  return {
    plot,
    stress,
    destroy: () => {
      resize.disconnect();
      plot.destroy();
    },
  };
}

export const dataOf = ({ x, columns }: Aligned): UPlot.AlignedData =>
  [x, ...columns.map(({ values }) => values)] as unknown as UPlot.AlignedData;

function lineOf(series: ChartSeries, part: 'y' | 'low' | 'high', crowd: boolean): UPlot.Series {
  const { colour, dash, points } = series;
  const envelope = part !== 'y' && series.y === undefined;
  const stroke = () => resolved(colour);
  if (part !== 'y' && !envelope) return { width: 0, points: { show: false } };
  const width = envelope ? 0.75 : crowd ? 1 : (series.width ?? 1.5);
  return {
    stroke,
    width,
    alpha: crowd ? 0.55 : 1,
    ...(dash === undefined || dash.length === 0 ? {} : { dash: [...dash] }),
    pxAlign: 0,
    ...(points === 'only' || points === 'ring' ? { paths: () => null } : {}),
    points:
      points === undefined
        ? {
            size: 5,
            fill: stroke,
            show: (_plot, _series, from, to) => !crowd && part === 'y' && to - from <= mostPoints,
          }
        : points === 'ring'
          ? { show: true, size: 11, width: 2, fill: 'transparent' }
          : { show: points !== false, size: points === 'only' ? 6 : 5, fill: stroke },
  };
}

function rangeOf(
  least: number | null,
  largest: number | null,
  log: boolean,
  include: readonly number[] = [],
  pad: number,
): [number, number] {
  const ends = [least, largest, ...include].filter(
    (value): value is number => value !== null && Number.isFinite(value) && (!log || value > 0),
  );
  if (ends.length === 0) return log ? [0.1, 1] : [0, 1];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return padded(from, to, log, pad);
}

/** As wide as its longest number. */
function widthOf(u: UPlot, values: string[] | null): number {
  if (values === null || values.length === 0) return 48;
  u.ctx.save();
  u.ctx.font = font;
  const widest = Math.max(...values.map((words) => u.ctx.measureText(words ?? '').width));
  u.ctx.restore();
  return Math.max(48, Math.ceil(widest) + 12);
}

function drawSpans(u: UPlot, { spans = [] }: ChartData) {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  // Room above the frame too, for the labels.
  ctx.beginPath();
  ctx.rect(left, 0, width, top + height);
  ctx.clip();
  ctx.font = `${10 * UPlot.pxRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  for (const { from, to, label, colour } of spans) {
    const [start, end] = [u.valToPos(from, 'x', true), u.valToPos(to, 'x', true)];
    if (!(end > left && start < left + width)) continue;
    ctx.fillStyle = resolved(colour);
    ctx.fillRect(start, top, Math.max(1, end - start), height);
    const [first, last] = [Math.max(start, left), Math.min(end, left + width)];
    if (ctx.measureText(label).width + 4 * UPlot.pxRatio > last - first) continue;
    ctx.fillStyle = resolved('var(--muted)');
    ctx.fillText(label, first + 2 * UPlot.pxRatio, top - 3 * UPlot.pxRatio);
  }
  ctx.restore();
}

function drawMarks(u: UPlot, { marks = [] }: ChartData) {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  ctx.font = `${11 * UPlot.pxRatio}px system-ui, sans-serif`;
  ctx.lineWidth = UPlot.pxRatio;
  ctx.setLineDash([4 * UPlot.pxRatio, 3 * UPlot.pxRatio]);
  let below = 0;
  for (const { axis, at, label, colour = 'var(--muted)' } of marks) {
    const place = u.valToPos(at, axis, true);
    const inside =
      axis === 'x' ? place >= left && place <= left + width : place >= top && place <= top + height;
    if (!inside) continue;
    ctx.strokeStyle = resolved(colour);
    ctx.fillStyle = resolved(colour);
    ctx.beginPath();
    if (axis === 'x') {
      ctx.moveTo(place, top);
      ctx.lineTo(place, top + height);
    } else {
      ctx.moveTo(left, place);
      ctx.lineTo(left + width, place);
    }
    ctx.stroke();
    const away = 4 * UPlot.pxRatio;
    if (axis === 'x') {
      const room = ctx.measureText(label).width + away < left + width - place;
      ctx.textAlign = room ? 'left' : 'right';
      ctx.textBaseline = 'top';
      // One below the other: they may be as near as their lines.
      ctx.fillText(label, place + (room ? away : -away), top + away + 14 * UPlot.pxRatio * below++);
    } else {
      const above = place - top > 14 * UPlot.pxRatio;
      ctx.textAlign = 'right';
      ctx.textBaseline = above ? 'bottom' : 'top';
      ctx.fillText(label, left + width - away, place + (above ? -away / 2 : away / 2));
    }
  }
  ctx.restore();
}
