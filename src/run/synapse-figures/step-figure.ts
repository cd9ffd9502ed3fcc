import type { Panel, Series } from '../../plot/figure';
import { variablesOf } from '../../trace/recorder';
import { Envelope } from './envelope';
import { InnerClock, type Stretch } from './inner-clock';
import { phaseSpans, shadesInWords } from './phase-spans';
import { type DrawnTrace, eachRow, noRows, synapseSeries, type TraceView, thinned } from './trace-view';

/** So many phases can still be told apart in one panel; of more, the first tasks get a panel of their own. */
const mostPhases = 24;
const mostPhasesAtFirst = 6;

/** A stretch of a trace that has a panel for each variable. */
interface Window {
  readonly title: string;
  readonly end: number;
  readonly rows: number;
  /** Its phases, where they are few enough to be shaded. */
  readonly stretches: readonly Stretch[];
}

/** Variables of synapses step by step, on an axis of all inner steps, with the phases shaded. */
export function stepPanels(view: TraceView): DrawnTrace {
  const windows = windowsOf(view);
  const courses = coursesOf(view, windows);
  const variables = variablesOf(view.entry);
  const panels = variables.flatMap((variable, v) =>
    windows.map((window, w): Panel => {
      const { title, end, stretches } = window;
      return {
        title: windows.length > 1 ? title : undefined,
        x: { label: 'inner steps', scale: 'linear', domain: [0, end] },
        y: { label: variable, scale: 'linear' },
        spans: phaseSpans(stretches),
        series: seriesOf(view, courses[w]!, v),
      };
    }),
  );
  const whole = windows.at(-1)!;
  const betas = windows[0]!.stretches.map(({ beta }) => beta);
  const notes = [
    shadesInWords(betas),
    ...(whole.stretches.length === 0 ? ['Over all tasks they are too narrow to be shaded.'] : []),
    ...windows.flatMap(({ title, rows }, w) => {
      if (!Envelope.thins(rows)) return [];
      const what = windows.length > 1 ? `The panel of ${title}` : 'The trace';
      return thinned(what, rows, courses[w]!.flat(2), Envelope.columns);
    }),
  ];
  return { panels, notes, columns: windows.length, panelHeight: variables.length > 1 ? 150 : 220 };
}

/** The whole trace; before it its first tasks, where all of its phases are too many to be told apart. */
function windowsOf(view: TraceView): Window[] {
  const clock = new InnerClock();
  const stretches: { readonly stretch: Stretch; rows: number }[] = [];
  let [rows, phases, tasks] = [0, 0, 0];
  let task: number | null = null;
  eachRow(view, (row) => {
    rows++;
    if (row.task !== task) tasks++;
    task = row.task;
    if (clock.move(row)) {
      phases++;
      if (stretches.length <= mostPhases) stretches.push({ stretch: clock.stretch!, rows: 0 });
    }
    if (phases === stretches.length) stretches.at(-1)!.rows++;
  });
  if (rows === 0) throw noRows(view);
  const whole = {
    title: tasks === 1 ? 'the task' : `all ${tasks.toLocaleString('en-US')} tasks`,
    end: clock.time,
    rows,
  };
  if (phases <= mostPhases) return [{ ...whole, stretches: stretches.map(({ stretch }) => stretch) }];
  // Whole tasks, at least one.
  const first = stretches[0]!.stretch.task;
  const until = stretches[mostPhasesAtFirst]!.stretch.task;
  const early = stretches.filter(({ stretch }) => stretch.task === first || stretch.task < until);
  const last = early.at(-1)!.stretch;
  return [
    {
      title: first === last.task ? `task ${first}` : `tasks ${first} to ${last.task}`,
      end: last.end,
      rows: early.reduce((sum, one) => sum + one.rows, 0),
      stretches: early.map(({ stretch }) => stretch),
    },
    { ...whole, stretches: [] },
  ];
}

/** [pieces][variables][synapses]; a piece for each task where tasks can be told apart, so that no line joins them. */
type Courses = Envelope[][][];

function coursesOf(view: TraceView, windows: readonly Window[]): Courses[] {
  const { entry, columns } = view;
  const clock = new InnerClock();
  const courses = windows.map((): Courses => []);
  let task: number | null = null;
  eachRow(view, (row) => {
    clock.move(row);
    const isNewTask = row.task !== task;
    task = row.task;
    windows.forEach(({ end, rows, stretches }, w) => {
      if (clock.time > end) return;
      const pieces = courses[w]!;
      if (pieces.length === 0 || (isNewTask && stretches.length > 0)) {
        pieces.push(variablesOf(entry).map(() => columns.map(() => new Envelope(0, end, rows))));
      }
      const piece = pieces.at(-1)!;
      for (let v = 0; v < piece.length; v++) {
        for (let c = 0; c < columns.length; c++) piece[v]![c]!.add(clock.time, row.value(v, c));
      }
    });
  });
  return courses;
}

/** The label stands behind the last task. */
function seriesOf(view: TraceView, pieces: Courses, variable: number): Series[] {
  return view.columns.flatMap((_, column) =>
    pieces.map((piece, i) => {
      const { points } = piece[variable]![column]!;
      const series = synapseSeries(view, column, { points });
      return i < pieces.length - 1 || view.columns.length === 1 ? { ...series, labelled: false } : series;
    }),
  );
}
