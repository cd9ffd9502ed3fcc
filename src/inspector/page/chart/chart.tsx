import { type Signal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { colourVersion, resolved } from '../colour/resolve';
import { ExportButtons } from '../export/export-buttons';
import { chartSvg } from '../export/svg';
import { NumberTable } from '../table/number-table';
import { counted, shortNumber } from '../text/numbers';
import { aligned } from './aligned';
import type { ChartData, ChartSeries, Range } from './chart-data';
import { chartCsv, chartTable } from './chart-table';
import { Legend } from './legend';
import { LiveWords } from './live-words';
import { dataOf, makePlot, type Plot } from './plot';
import { movedBy, nearestPoint, nearestSeries, spoken } from './readout';

export interface ChartProps {
  /** Above it, in its label, and in its files: `Held-out loss`. */
  readonly title: string;
  readonly data: ChartData;
  /** Stem of exported files: the run and what is shown (see `fileStem`). */
  readonly stem: string;
  /** Said below an exported drawing: of which run, by which command. */
  readonly note?: string;
  readonly height?: number;
  /** The x under the cursor, shared by whatever is to show the same place; null for none. */
  readonly cursor?: Signal<number | null>;
  /** The stretch of x shown, shared likewise; null for all. */
  readonly range?: Signal<Range | null>;
  /** A click on a curve, or Enter, at this x. Not called after a drag. */
  readonly onOpen?: (series: ChartSeries, x: number) => void;
  /** What Enter and a click do, in words: `open the run`. */
  readonly openWords?: string;
  /** Beside the title. */
  readonly children?: ComponentChildren;
}

/** Curves on one pair of axes: drawn, to be walked along by keys, heard, read as a table, and saved. */
export function Chart(props: ChartProps) {
  const { title, data, stem, note, height = 220, onOpen, openWords = 'open it', children } = props;
  const help = useId();
  const joined = useMemo(() => aligned(data), [data]);
  const [place, setPlace] = useState<{ at: number; series: number } | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [asTable, setAsTable] = useState(false);
  const [ownRange, setOwnRange] = useState<Range | null>(null);
  const range = props.range === undefined ? ownRange : props.range.value;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const moving = useRef(false);
  const empty = !joined.columns.some(({ values }) => values.some((value) => typeof value === 'number'));

  // What the drawing, made once, looks up when it draws or is pointed at.
  const now = useRef({ chart: data, aligned: joined, props, place, hidden, range });
  now.current = { chart: data, aligned: joined, props, place, hidden, range };

  const setRange = (next: Range | null) => {
    if (now.current.props.range !== undefined) now.current.props.range.value = next;
    else setOwnRange(next);
  };
  const showPlace = (at: number | null, series: number) => {
    const next = at === null ? null : { at, series };
    now.current.place = next;
    setPlace((last) => (last?.at === next?.at && last?.series === next?.series ? last : next));
    plot.current?.stress(series, at ?? -1);
    const { cursor } = now.current.props;
    if (cursor === undefined) return;
    moving.current = true;
    cursor.value = at === null ? null : (now.current.aligned.x[at] ?? null);
    moving.current = false;
  };
  const hiddenPlaces = () =>
    new Set(now.current.chart.series.flatMap(({ id }, i) => (now.current.hidden.has(id) ? [i] : [])));

  const shape = shapeOf(data);
  const drawn = !asTable && !empty;
  // Made again when its shape changes; the rest is looked up in `now`
  useEffect(() => {
    if (!drawn) return;
    const made = makePlot(holder.current!, {
      height,
      shown: () => now.current,
      zoomed: () => now.current.range !== null,
      onPointer: (at, top) => {
        if (moving.current) return;
        if (at === null) {
          if (document.activeElement !== holder.current) showPlace(null, -1);
          return;
        }
        const { chart, aligned: points } = now.current;
        const toPixel = (value: number) => Math.abs(made.plot.valToPos(value, 'y') - top);
        showPlace(at, nearestSeries(points, chart.series.length, at, toPixel, hiddenPlaces()));
      },
      onRange: setRange,
      onClick: open,
    });
    plot.current = made;
    applyRange(made, range);
    applyHidden(made, now.current, hidden);
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, height, drawn]);

  // A new shape has its data already
  useEffect(() => {
    const made = plot.current;
    if (made === null || made.plot.data[0] === (joined.x as unknown)) return;
    made.plot.setData(dataOf(joined), range === null);
    if (range !== null) made.plot.redraw();
  }, [joined]);
  useEffect(() => {
    if (plot.current !== null) applyRange(plot.current, range);
  }, [range]);
  useEffect(() => {
    if (plot.current !== null) applyHidden(plot.current, now.current, hidden);
  }, [hidden]);
  // Spans and marks, which uPlot knows nothing of.
  // Drawn again when they change
  useEffect(() => plot.current?.plot.redraw(false, false), [data.spans, data.marks]);
  useSignalEffect(() => {
    colourVersion.value;
    plot.current?.plot.redraw(false, true);
  });
  useSignalEffect(() => {
    const x = props.cursor?.value ?? null;
    const made = plot.current;
    if (props.cursor === undefined || made === null || moving.current) return;
    moving.current = true;
    if (x === null) {
      made.plot.setCursor({ left: -10, top: -10 }, false);
      setPlace(null);
      made.stress(-1, -1);
    } else {
      const at = made.plot.valToIdx(x);
      const series = now.current.place?.series ?? (now.current.chart.series.length === 1 ? 0 : -1);
      made.plot.setCursor({ left: made.plot.valToPos(x, 'x'), top: 0 }, false);
      setPlace({ at, series });
      made.stress(series, at);
    }
    moving.current = false;
  });

  function open() {
    const { place: here, chart, aligned: points, props: latest } = now.current;
    if (here === null || here.series === -1) return;
    const series = chart.series[here.series];
    if (series !== undefined) latest.onOpen?.(series, points.x[here.at]!);
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { place: here } = now.current;
    const series = here?.series ?? -1;
    const first = Math.max(0, series === -1 ? data.series.findIndex(({ id }) => !hidden.has(id)) : series);
    const moved = movedBy(
      event.key,
      here?.at ?? (event.key === 'ArrowLeft' ? joined.x.length : -1),
      joined.x.length,
    );
    if (moved !== undefined)
      moveTo(
        moved,
        first,
        event.key === 'ArrowLeft' || event.key === 'PageDown' || event.key === 'End' ? -1 : 1,
      );
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const count = data.series.length;
      const step = event.key === 'ArrowUp' ? -1 : 1;
      let next = first;
      do next = (next + step + count) % count;
      while (hidden.has(data.series[next]!.id) && next !== first);
      moveTo(here?.at ?? 0, next, 1);
    } else if (event.key === 'Enter') open();
    else if (event.key === 'Escape') {
      showPlace(null, -1);
      setRange(null);
    } else if (event.key === '+' || event.key === '-') zoom(event.key === '+' ? 0.5 : 2);
    else return;
    event.preventDefault();
  };
  /** To a point of the curve at or beyond `at`. */
  function moveTo(at: number, series: number, way: 1 | -1) {
    const column = joined.columns.find((each) => each.series === series);
    let to = at;
    while (column !== undefined && to >= 0 && to < joined.x.length && typeof column.values[to] !== 'number')
      to += way;
    if (column !== undefined && typeof column.values[to] !== 'number') to = nearestPoint(column.values, at);
    if (to < 0) to = at;
    const made = plot.current;
    if (made !== null) {
      const x = joined.x[to]!;
      if (range !== null && (x < range[0] || x > range[1])) {
        const half = (range[1] - range[0]) / 2;
        setRange([x - half, x + half]);
      }
      moving.current = true;
      made.plot.setCursor({ left: made.plot.valToPos(x, 'x'), top: 0 }, false);
      moving.current = false;
    }
    showPlace(to, series);
  }
  function zoom(factor: number) {
    const all: Range = [joined.x[0]!, joined.x.at(-1)!];
    const [from, to] = range ?? all;
    const middle = place === null ? (from + to) / 2 : joined.x[place.at]!;
    const half = ((to - from) * factor) / 2;
    const next: Range = [Math.max(all[0], middle - half), Math.min(all[1], middle + half)];
    setRange(next[0] <= all[0] && next[1] >= all[1] ? null : next);
  }

  const table = useMemo(() => (asTable ? chartTable(data, joined) : null), [asTable, data, joined]);
  const svg = () =>
    chartSvg(
      { ...data, series: data.series.filter(({ id }) => !hidden.has(id)) },
      { title, note, range, colour: (colour) => resolved(colour, 'light') },
    );
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        {children}
        <span class="chart-tools">
          {range !== null && (
            <button type="button" class="quiet" onClick={() => setRange(null)}>
              Show all
            </button>
          )}
          <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            Table
          </button>
          <ExportButtons what={`the chart of ${title}`} stem={stem} csv={() => chartCsv(data)} svg={svg} />
        </span>
      </figcaption>
      <Legend
        title={title}
        data={data}
        aligned={joined}
        place={place}
        hidden={hidden}
        onHide={(id) => {
          const next = new Set(hidden);
          if (!next.delete(id)) next.add(id);
          setHidden(next);
        }}
      />
      {empty ? (
        <p class="chart-empty">
          {data.series.length === 0 ? 'No curve yet.' : 'No value that can be drawn.'}
        </p>
      ) : table !== null ? (
        <NumberTable caption={title} {...table} />
      ) : (
        <div
          class="chart-drawing"
          ref={holder}
          role="application"
          aria-roledescription="chart"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move its cursor
          tabIndex={0}
          aria-label={`${title}: ${data.y.label} by ${data.x.label}, ${counted(data.series.length, 'curve')}`}
          aria-describedby={help}
          onKeyDown={onKeyDown}
          onBlur={() => showPlace(null, -1)}
        />
      )}
      <p id={help} class="unseen">
        Left and right arrows, Page Up, Page Down, Home and End move the cursor; up and down choose a curve;
        plus and minus zoom, Escape shows all{onOpen === undefined ? '' : `; Enter to ${openWords}`}.
      </p>
      {joined.left > 0 && (
        <p class="chart-note">
          {counted(joined.left, 'value')} of 0 or less {joined.left === 1 ? 'has' : 'have'} no place on a
          logarithmic axis; the table and CSV have {joined.left === 1 ? 'it' : 'them'}.
        </p>
      )}
      <LiveWords words={place === null ? '' : spoken(data, joined, place.at, place.series)} />
      {range !== null && (
        <p class="chart-note">
          Shown: {data.x.label} from {shortNumber(range[0])} to {shortNumber(range[1])}.
        </p>
      )}
    </figure>
  );
}

/** What a drawing is made for; with another of these it is made again, with the same only its numbers are set. */
const shapeOf = ({ x, y, series }: ChartData): string =>
  JSON.stringify([
    [x.label, x.log, x.whole, x.include],
    [y.label, y.log, y.whole, y.include],
    series.map(({ id, colour, dash, width, points, y: curve, low }) => [
      id,
      colour,
      dash,
      width,
      points,
      curve !== undefined,
      low !== undefined,
    ]),
  ]);

function applyRange({ plot }: Plot, range: Range | null) {
  const x = plot.data[0] as readonly number[];
  if (x.length === 0) return;
  const [min, max] = range ?? [x[0]!, x.at(-1)!];
  plot.setScale('x', { min, max });
}

function applyHidden(
  { plot }: Plot,
  { chart, aligned: { columns } }: { chart: ChartData; aligned: ReturnType<typeof aligned> },
  hidden: ReadonlySet<string>,
) {
  plot.batch(() => {
    columns.forEach(({ series }, column) => {
      const show = !hidden.has(chart.series[series]!.id);
      if (plot.series[column + 1]!.show !== show) plot.setSeries(column + 1, { show });
    });
  });
}
