import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Courses, Timeline } from '../../../protocol/traces';
import { addressOf } from '../../api/ask';
import { Loading } from '../../api/loading';
import { ProblemView } from '../../api/problem-view';
import { useAnswer } from '../../api/use-answer';
import { Chart } from '../../chart/chart';
import type { Range } from '../../chart/chart-data';
import { seriesColour } from '../../colour/series-colours';
import { type ShownSpan, shownSpans } from '../../run/shown-spans';
import { runs } from '../../run-list/store';
import { state, variable } from '../../state/state';
import { fileStem } from '../../text/file-name';
import { counted } from '../../text/numbers';
import { shown } from '../../text/symbols';
import { columnInWords } from '../read-out';
import { shownVariables } from '../shown-variables';
import { goToRow, openOnly, openSynapses, zoom } from '../state';
import type { WatchedTrace } from '../watched-trace';
import { courseData, phaseBands } from './course-data';
import { zoomedBy } from './zoomed';

/** Points of a course: about one a pixel of a wide chart. */
const mostPoints = 800;
const mostSpans = 400;
/** Columns that are asked for at once; the server has a limit too. */
const mostOpen = 8;

/** The synapses that are open: what they are, their values now, and their courses. */
export function SynapsePanel({ watched }: { readonly watched: WatchedTrace }) {
  const all = openSynapses();
  const columns = all.filter((column) => column < watched.info.synapses).slice(0, mostOpen);
  if (columns.length === 0) {
    return (
      <section class="synapse-panel" aria-label="Open synapses">
        {all.length > 0 && (
          <p class="notice">
            The trace has no column {all.join(', ')}: it has {counted(watched.info.synapses, 'synapse')}, from
            0.
          </p>
        )}
        <p class="muted">
          Click a cell to see its synapse over time; with Shift, to compare it with those open.
        </p>
      </section>
    );
  }
  return (
    <section class="synapse-panel" aria-label="Open synapses">
      {all.length > columns.length && (
        <p class="notice">Shown are the first {columns.length} of those open.</p>
      )}
      <OpenList watched={watched} columns={columns} />
      <CourseCharts watched={watched} columns={columns} />
    </section>
  );
}

interface OpenProps {
  readonly watched: WatchedTrace;
  readonly columns: readonly number[];
}

/** Each open synapse with its values at the row shown, in full. */
function OpenList({ watched, columns }: OpenProps) {
  const frame = watched.shown.value;
  const variables = shownVariables(watched.info.variables, variable.value);
  return (
    <ul class="open-list">
      {columns.map((column, i) => (
        <li
          key={column}
          onPointerEnter={() => {
            watched.hovered.value = column;
          }}
          onPointerLeave={() => {
            watched.hovered.value = null;
          }}
        >
          <p class="open-name">
            <i class="key" style={{ backgroundColor: seriesColour(i) }} />
            <span>
              <b>synapse {column}</b> {columnInWords(watched, column)}
            </span>
            <button
              type="button"
              class="quiet"
              aria-label={`Close synapse ${column}`}
              title="Close"
              onClick={() => state.go(openOnly(columns.filter((other) => other !== column)))}
            >
              ×
            </button>
          </p>
          <p class="open-values">
            {variables.map((name) => {
              const values = frame?.variables.get(name)?.of;
              return (
                <span key={name}>
                  <i>{shown(name)}</i>{' '}
                  <span class="mono" data-column={column} data-variable={name}>
                    {values === undefined ? '' : String(values[column])}
                  </span>
                </span>
              );
            })}
          </p>
        </li>
      ))}
    </ul>
  );
}

function CourseCharts({ watched, columns }: OpenProps) {
  const { id, info, rows, source, row } = watched;
  const variables = shownVariables(info.variables, variable.value);
  const stretch = zoom.value;
  const count = useSlowly(rows.value, 1000);
  const [from, to] =
    stretch === null ? [0, count] : [Math.min(stretch[0], count), Math.min(stretch[1], count)];
  const asked = count > 0 && to > from;
  const courses = useAnswer<Courses>(
    asked ? source.coursesAddress(variables, columns, from, to, mostPoints) : null,
  );
  const timeline = useAnswer<Timeline>(
    // The row behind says whether the last phase ends with the rows shown.
    asked ? addressOf('timeline', { id, trace: info.name, from, to: to + 1, most: mostSpans }) : null,
  );
  // Charts are drawn anew for it, which takes longer than a frame of the maps.
  const at = useSlowly(row.value, 80);
  const range = useZoomRange(count);
  const merged = timeline.value?.merged === true;
  const isOver = info.at === 'phase-end' || runs.value.get(id)?.state === 'finished';
  const spans = useMemo(
    () =>
      timeline.value === undefined || timeline.value.merged ? [] : shownSpans(timeline.value, to, isOver),
    [timeline.value, to, isOver],
  );
  const bands = useMemo(() => phaseBands(spans, from, to), [spans, from, to]);
  if (courses.problem !== undefined) return <ProblemView problem={courses.problem} again={courses.again} />;
  const value = courses.value;
  if (value === undefined) return <Loading what="the courses" />;
  const zoomBy = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).querySelector('.u-over')?.getBoundingClientRect();
    if (box === undefined) return;
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    state.slide([zoom.to(zoomedBy([from, to], count, part, event.deltaY > 0 ? 1.25 : 0.8))]);
  };
  return (
    <div class="courses" onWheel={zoomBy}>
      <p class="chart-note">
        {value.every === 1
          ? 'Each point is a row.'
          : `Each point: the least and the largest of ${value.every.toLocaleString('en')} rows.`}
        {merged
          ? ' There are too many phases here to tint each: drag over a chart, or turn the wheel with Ctrl, to zoom.'
          : value.every > 1
            ? ' Zoomed in to single rows, the ends of phases are marked.'
            : ''}{' '}
        A click goes to that row.{gaps(value)}
      </p>
      {variables.map((name) => (
        <CourseChart
          key={name}
          watched={watched}
          variable={name}
          courses={value}
          columns={columns}
          spans={spans}
          bands={bands}
          range={range}
          row={at}
        />
      ))}
    </div>
  );
}

/** Which curves have gaps, since values were not finite. */
function gaps({ courses }: Courses): string {
  const words = courses.flatMap(({ variable: name, column, notFinite }) => {
    const words = `${counted(notFinite.length, 'point')} of ${shown(name)} of synapse ${column}`;
    return notFinite.length === 0 ? [] : [words];
  });
  return words.length === 0 ? '' : ` With values that are not finite: ${words.join(', ')}.`;
}

interface CourseChartProps extends OpenProps {
  readonly variable: string;
  readonly courses: Courses;
  readonly spans: readonly ShownSpan[];
  readonly bands: ReturnType<typeof phaseBands>;
  readonly range: ReturnType<typeof useZoomRange>;
  readonly row: number;
}

function CourseChart(props: CourseChartProps) {
  const { watched, variable: name, courses, columns, spans, bands, range, row } = props;
  const key = columns.join();
  const still = useMemo(
    () => courseData(courses, name, columns, spans, bands),
    [courses, name, key, spans, bands],
  );
  // The scrubber moves the mark only, and curves stay what they are.
  const data = useMemo(
    () => ({ ...still, marks: [{ axis: 'x' as const, at: row, label: '' }] }),
    [still, row],
  );
  const title = `${shown(name)} of ${columns.length === 1 ? `synapse ${key}` : `${columns.length} synapses`}`;
  return (
    <Chart
      title={title}
      data={data}
      height={150}
      stem={fileStem(watched.id, watched.info.name, name, `synapse-${columns.join('-')}`)}
      note={`${watched.id}, trace ${watched.info.name}`}
      cursor={watched.cursor}
      range={range}
      onOpen={(_, x) => goToRow(Math.max(0, Math.round(x)))}
      openWords="go to that row"
    />
  );
}

/** The address's zoom as charts have it, both ways. */
function useZoomRange(rows: number) {
  const range = useRef(signal<Range | null>(null)).current;
  const stretch = zoom.value;
  useEffect(() => {
    range.value = stretch === null ? null : [stretch[0], stretch[1] - 1];
  }, [stretch, range]);
  useEffect(
    () =>
      range.subscribe((next) => {
        const now = zoom.value;
        if (next === null) {
          if (now !== null) state.go([zoom.to(null)]);
          return;
        }
        const from = Math.max(0, Math.floor(next[0]));
        const to = Math.min(Math.max(rows, 1), Math.max(from + 2, Math.ceil(next[1]) + 1));
        if (to > from && (now?.[0] !== from || now[1] !== to)) state.slide([zoom.to([from, to])]);
      }),
    [range, rows],
  );
  return range;
}

/** A value that is given on once so many milliseconds at most: a course is not asked for at each new row. */
function useSlowly(value: number, wait: number): number {
  const [given, setGiven] = useState(value);
  const last = useRef(performance.now());
  useEffect(() => {
    if (value === given) return;
    const timer = setTimeout(
      () => {
        last.current = performance.now();
        setGiven(value);
      },
      Math.max(0, last.current + wait - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [value, given, wait]);
  return given;
}
