import type { Panel, Series } from '../../plot/figure';
import { variablesOf } from '../../trace/recorder';
import { Envelope } from './envelope';
import { phaseLabel } from './phase-spans';
import { type DrawnTrace, eachRow, noRows, synapseSeries, type TraceView, thinned } from './trace-view';

/** Up to so many tasks, each has a dot. */
const mostDots = 30;

/** A kind of moment that a trace has once a task: the end of its free phase, of a nudged one, or its meta-update. */
interface Moment {
  readonly beta: number;
  rows: number;
}

interface Extent {
  readonly moments: Map<number, Moment>;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Variables of synapses at the ends of phases, or after meta-updates, on an axis of tasks: a curve for each kind of phase. */
export function endPanels(view: TraceView): DrawnTrace {
  const { entry } = view;
  const extent = extentOf(view);
  const { courses, same } = coursesOf(view, extent);
  const panels = variablesOf(entry).map((variable, v): Panel => {
    const phases = same[v] ? [...extent.moments].slice(0, 1) : [...extent.moments];
    return {
      x: { label: 'task', scale: 'linear' },
      y: { label: variable, scale: 'linear' },
      series: phases.flatMap(([phase, { beta, rows }]) =>
        view.columns.map((_, column): Series => {
          const { points } = courses.get(phase)![v]![column]!;
          const suffix = same[v] ? '' : `, ${phaseLabel(beta)}`;
          const series = synapseSeries(
            view,
            column,
            {
              points,
              kind: rows <= mostDots ? 'line-and-dots' : 'line',
              ...(beta === 0 ? {} : { dashed: true }),
            },
            suffix,
          );
          if (view.columns.length > 1) return series;
          if (same[v]) return { ...series, labelled: false };
          return { ...series, label: phaseLabel(beta), group: undefined };
        }),
      ),
    };
  });
  return { panels, notes: notesOf(view, extent, courses, same) };
}

function extentOf(view: TraceView): Extent {
  const moments = new Map<number, Moment>();
  let [from, to, rows] = [Infinity, -Infinity, 0];
  eachRow(view, ({ task, phase, beta }) => {
    const known = moments.get(phase);
    if (known === undefined) moments.set(phase, { beta, rows: 1 });
    else known.rows++;
    from = Math.min(from, task);
    to = Math.max(to, task);
    rows++;
  });
  if (rows === 0) throw noRows(view);
  return { moments, from, to, rows };
}

/** By kind of moment, [variables][synapses]; and for which variables all moments of every task had the same values. */
function coursesOf(view: TraceView, { moments, from, to }: Extent) {
  const { entry, columns } = view;
  const courses = new Map(
    [...moments].map(([phase, { rows }]) => [
      phase,
      variablesOf(entry).map(() => columns.map(() => new Envelope(from, to, rows))),
    ]),
  );
  const same = variablesOf(entry).map(() => true);
  const before = variablesOf(entry).map(() => new Float64Array(columns.length));
  let task: number | null = null;
  eachRow(view, (row) => {
    const course = courses.get(row.phase)!;
    for (let v = 0; v < course.length; v++) {
      for (let c = 0; c < columns.length; c++) {
        const value = row.value(v, c);
        course[v]![c]!.add(row.task, value);
        if (row.task === task && value !== before[v]![c]) same[v] = false;
        before[v]![c] = value;
      }
    }
    task = row.task;
  });
  return { courses, same };
}

function notesOf(
  { entry }: TraceView,
  { moments, rows }: Extent,
  courses: ReadonlyMap<number, Envelope[][]>,
  same: readonly boolean[],
): string[] {
  const unmoved = variablesOf(entry).filter((_, v) => same[v] && moments.size > 1);
  const most = Math.max(...[...moments.values()].map((moment) => moment.rows));
  return [
    ...(same.every(Boolean) ? [] : ['Dashed: ends of nudged phases, in which held-out data is replayed.']),
    ...(unmoved.length === 0 ? [] : [`Inside a task ${unmoved.join(', ')} did not move.`]),
    ...(Envelope.thins(most)
      ? thinned('The trace', rows, [...courses.values()].flat(2), Envelope.columns * moments.size)
      : []),
  ];
}
