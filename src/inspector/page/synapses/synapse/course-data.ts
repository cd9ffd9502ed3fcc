import type { Courses, Span } from '../../../protocol/traces';
import type { ChartData, ChartSeries, ChartSpan } from '../../chart/chart-data';
import { seriesColour } from '../../colour/series-colours';
import type { ShownSpan } from '../../run/shown-spans';
import { shown } from '../../text/symbols';
import { phaseInWords } from '../scrubber/phases';

/** More phases than these are not tinted one by one; ends of more are not marked, since their marks would lie on each other. */
const [mostBands, mostMarked] = [400, 120];

/** Phases as they are tinted behind curves; of rows `from` up to, but not, `to`. None where they are too many to be distinguished. */
export function phaseBands(spans: readonly Span[], from: number, to: number): ChartSpan[] {
  const within = spans.filter(({ firstRow, endRow }) => endRow > from && firstRow < to);
  // Where all rows are of one kind there is nothing to distinguish.
  if (within.every(({ phase }) => phase === within[0]!.phase)) return [];
  if (within.length > mostBands || within.some(({ phase }) => phase === null)) return [];
  return within.map((span) => ({
    // A row is a point; a band reaches halfway to the rows before and after.
    from: Math.max(from, span.firstRow - 0.5),
    to: Math.min(to - 1, span.endRow - 0.5),
    label: phaseInWords(span),
    colour: `var(--phase-${span.phase === -1 ? 'meta' : span.phase === 0 ? 'free' : 'nudged'})`,
  }));
}

/**
 * One variable of the synapses that are open, as curves over rows. Where a point is one row, the ends of phases are marked:
 * the free equilibria and the nudged ones, of phases that have ended.
 */
export function courseData(
  { at, every, courses }: Courses,
  variable: string,
  columns: readonly number[],
  spans: readonly ShownSpan[],
  bands: readonly ChartSpan[],
): ChartData {
  const series: ChartSeries[] = [];
  columns.forEach((column, i) => {
    const course = courses.find((each) => each.column === column && each.variable === variable);
    if (course === undefined) return;
    const values = every === 1 ? { y: course.low } : { low: course.low, high: course.high };
    series.push({
      id: String(column),
      label: `synapse ${column}`,
      colour: seriesColour(i),
      x: at,
      points: false,
      ...values,
    });
    if (every > 1) return;
    if (spans.length > mostMarked || !movesInTasks(course.low, at[0] ?? 0, spans)) return;
    for (const free of [true, false]) {
      const ends = spans.filter(
        ({ phase, isWhole }) => isWhole && phase !== null && (free ? phase === 0 : phase > 0),
      );
      const points = ends.flatMap(({ endRow }): [number, number | null][] => {
        const value = course.low[endRow - 1 - (at[0] ?? 0)];
        return value === undefined ? [] : [[endRow - 1, value]];
      });
      if (points.length === 0) continue;
      series.push({
        id: `${column} ${free ? 'free' : 'nudged'}`,
        label: `${free ? 'free' : 'nudged'} equilibria${columns.length > 1 ? ` of ${column}` : ''}`,
        colour: columns.length > 1 ? seriesColour(i) : free ? 'var(--series-3)' : 'var(--series-2)',
        x: points.map(([x]) => x),
        y: points.map(([, y]) => y),
        points: 'only',
      });
    }
  });
  return {
    x: { label: 'row', whole: true },
    y: { label: shown(variable) },
    series,
    spans: bands,
  };
}

/** Whether a variable changes within a task: slow variables do between tasks only. */
function movesInTasks(values: readonly (number | null)[], first: number, spans: readonly Span[]): boolean {
  let [task, before]: [number, number | null | undefined] = [-1, undefined];
  for (const { firstTask, firstRow, endRow, phase } of spans) {
    if (phase === null || phase < 0) continue;
    for (let row = Math.max(firstRow, first); row < endRow; row++) {
      const value = values[row - first];
      if (task === firstTask && value !== before && value !== undefined) return true;
      [task, before] = [firstTask, value];
    }
  }
  return false;
}
