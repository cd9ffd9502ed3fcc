import type { TraceInfo } from '../../protocol/runs';
import type { Courses, Span } from '../../protocol/traces';
import type { ChartData } from '../chart/chart-data';
import { seriesColour, seriesDash } from '../colour/series-colours';
import { shown } from '../text/symbols';

/** Parameters that a neuron has itself, of one layer of one trace. */
export interface NeuronBlock {
  readonly layer: number;
  readonly parameter: string;
  /** A unit and the column that its value stands in. */
  readonly units: readonly { readonly unit: number; readonly column: number }[];
}

const ofNeurons = new Set(['gain', 'threshold']);

export function neuronBlocks({ blocks }: TraceInfo): NeuronBlock[] {
  return blocks
    .filter(({ parameter }) => ofNeurons.has(parameter))
    .map(({ layer, parameter, cells }) => ({
      layer,
      parameter,
      units: cells.flatMap(([cell, count, step, column]) =>
        Array.from({ length: count }, (_, i) => ({ unit: cell + i * step, column: column + i })),
      ),
    }));
}

/** For each point of a course, the task that its last row is of; null where spans stand for several tasks, or end before it. */
export function tasksOf(courses: Courses, spans: readonly Span[]): number[] | null {
  const tasks: number[] = [];
  let place = 0;
  for (const first of courses.at) {
    const last = Math.min(courses.rows, first + courses.every) - 1;
    while (place < spans.length && spans[place]!.endRow <= last) place++;
    const span = spans[place];
    if (span === undefined || span.firstTask !== span.lastTask) return null;
    tasks.push(span.lastTask);
  }
  return tasks;
}

/** Courses of one block by task, each value that of the task's last row; by row where tasks are not known. */
export function neuronChart(
  block: NeuronBlock,
  courses: Courses,
  spans: readonly Span[],
  variable: string,
): ChartData {
  const tasks = courses.every === 1 ? tasksOf(courses, spans) : null;
  const kept = courses.at
    .map((_, i) => i)
    .filter((i) => tasks === null || i === tasks.length - 1 || tasks[i] !== tasks[i + 1]);
  const x = kept.map((i) => (tasks === null ? courses.at[i]! : tasks[i]!));
  const units = new Map(block.units.map(({ unit, column }) => [column, unit]));
  const own = courses.courses.filter((course) => course.variable === variable && units.has(course.column));
  return {
    x: { label: tasks === null ? 'row of the trace' : 'task', whole: true },
    y: { label: `${block.parameter} (${shown(variable)})` },
    series: own.map(({ column, low, high }, i) => {
      const values = { low: kept.map((at) => low[at] ?? null), high: kept.map((at) => high[at] ?? null) };
      return {
        id: `${column}`,
        label: `unit ${units.get(column)}`,
        colour: seriesColour(i),
        dash: seriesDash(i),
        x,
        ...(courses.every === 1 ? { y: values.low } : values),
      };
    }),
  };
}
