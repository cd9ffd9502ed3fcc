import { InputError } from '../../core/errors';
import type { Figure, Series } from '../../plot/figure';
import type { RecordedSynapses } from '../../trace/recorded-synapses';
import type { TraceEntry } from '../../trace/recorder';
import { traceRows } from '../../trace/trace-rows';
import type { Envelope } from './envelope';
import type { Moment } from './inner-clock';

/** What is to be drawn of one trace. */
export interface TraceView {
  /** The run's `traces/`. */
  readonly folder: string;
  readonly name: string;
  readonly entry: TraceEntry;
  /** Which synapses all columns of the trace are. */
  readonly synapses: RecordedSynapses;
  /** Columns of the trace: the synapses to be drawn. */
  readonly columns: readonly number[];
  /** Only what happened in these tasks, from one to the other. Default: in all. */
  readonly tasks?: readonly [first: number, last: number];
  /** Of the trace, not the view. Default: all. */
  readonly mostRows?: number;
}

/** The panels that show it, and what is to be said of them. */
export interface DrawnTrace extends Pick<Figure, 'panels' | 'columns' | 'panelHeight' | 'sharedAxes'> {
  /** Sentences for the caption. */
  readonly notes: readonly string[];
}

/** One row of a trace. */
export interface Row extends Moment {
  /** Of a variable, of one of the view's synapses, both by position. */
  value(variable: number, column: number): number;
}

/** Goes through the rows of a view, in their order. What it hands out is written anew for the next one. */
export function eachRow(
  { folder, entry, columns, tasks, mostRows }: TraceView,
  visit: (row: Row) => void,
): void {
  const width = columns.length;
  const height = entry.variables.length;
  for (const { rows, moments, values } of traceRows(folder, entry, columns, mostRows)) {
    const row = {
      ...{ row: 0, task: 0, phase: 0, beta: 0, step: 0 },
      value(variable: number, column: number): number {
        return values[(this.row * height + variable) * width + column]!;
      },
    };
    for (; row.row < rows; row.row++) {
      const at = row.row * entry.when.columns.length;
      row.task = moments[at]!;
      if (tasks !== undefined && (row.task < tasks[0] || row.task > tasks[1])) continue;
      row.phase = moments[at + 1]!;
      row.beta = moments[at + 2]!;
      row.step = moments[at + 3]!;
      visit(row);
    }
  }
}

/** The error for a view that has no row: the run has not come to one, or not to these tasks. */
export function noRows(view: TraceView): InputError {
  let [first, last] = [Infinity, -Infinity];
  eachRow({ ...view, tasks: undefined }, ({ task }) => {
    first = Math.min(first, task);
    last = Math.max(last, task);
  });
  const { name, tasks } = view;
  if (first > last) {
    return new InputError({ what: `Trace "${name}" has no row yet`, advice: 'Go on with the run first' });
  }
  return new InputError({
    what: `Trace "${name}" has no row of such tasks`,
    got: tasks?.join('-'),
    legal: `${first} to ${last}`,
  });
}

/** With more synapses than these, only the first and the last are labelled. */
export const mostLabels = 12;

/** A series that shows one synapse. One that is alone is named by the title, and needs no label. */
export function synapseSeries(
  { synapses, columns }: TraceView,
  column: number,
  rest: Omit<Series, 'label'>,
  suffix = '',
): Series {
  const group = `synapse ${synapses.at(columns[column]!).index}`;
  const label = group + suffix;
  const isEnd = column === 0 || column === columns.length - 1;
  const labelled = columns.length <= mostLabels || isEnd;
  return { label, ...(suffix === '' ? {} : { group }), ...rest, ...(labelled ? {} : { labelled: false }) };
}

/** What of a course was thinned, or left out, in a sentence each. */
export function thinned(
  what: string,
  rows: number,
  envelopes: readonly Envelope[],
  columns: number,
): string[] {
  const missing = envelopes.reduce((sum, { notFinite }) => sum + notFinite, 0);
  const each = Math.round(rows / columns).toLocaleString('en-US');
  return [
    `${what} has ${rows.toLocaleString('en-US')} rows: of each ${each}, the smallest and the largest value are drawn.`,
    ...(missing > 0 ? [`Not shown: ${missing.toLocaleString('en-US')} values that are not finite.`] : []),
  ];
}
