import { sparkline } from '../../plot/sparkline';
import { connectionInWords } from '../../synapse/topology';
import { describeMoments } from '../../trace/probe';
import type { TraceTable } from '../../trace/read-trace';
import type { RecordedSynapse } from '../../trace/recorded-synapses';
import { variablesOf } from '../../trace/recorder';
import { phaseInWords, phaseMarks } from './phase-marks';

/** Rows of a table at each of its ends; what lies between is counted. */
const rowsAtEnds = 12;

export interface ReportOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** The command that prints all rows of a trace. */
  readonly all: (trace: string) => string;
}

/** `synapse 194 (layer 0, from unit 12 to unit 14)` */
export const synapseInWords = (synapse: RecordedSynapse): string =>
  `synapse ${synapse.index} (layer ${synapse.layer}, ${connectionInWords(synapse)})`;

/**
 * What one trace holds of one synapse, for a terminal: a sparkline for each variable with the phases below it, and a table of its first and last rows.
 */
export function reportSynapse(
  name: string,
  { entry, moments, courses }: TraceTable,
  synapse: number,
  { width, all }: ReportOptions,
): string[] {
  const own = courses.filter((course) => course.synapse.index === synapse);
  const shown = variablesOf(entry).map((variable) => own.find((course) => course.variable === variable)!);
  const head = `trace ${name}: ${moments.length} rows, ${describeMoments(entry.at, 1, entry.every)}`;
  if (moments.length === 0) return [head, '  no row yet'];
  const labels = Math.max(5, ...shown.map(({ variable }) => variable.length));
  const room = Math.max(10, width - labels - 30);
  const sparks = shown.map(
    ({ variable, values }) => `  ${variable.padEnd(labels)}  ${sparkline(values, room)}  ${rangeOf(values)}`,
  );
  const marks = `  ${'phase'.padEnd(labels)}  ${phaseMarks(moments, room)}`;
  const left = moments.length - 2 * rowsAtEnds;
  const cells = (row: number): string[] => {
    const [task, phase, beta, step, residual] = moments[row]! as [number, number, number, number, number?];
    return [
      String(task),
      phaseInWords(phase, beta),
      phase === -1 ? '' : String(step),
      residual === undefined || Number.isNaN(residual) ? '' : residual.toExponential(2),
      ...shown.map(({ values }) => short(values[row]!)),
    ];
  };
  const titles = ['task', 'phase', 'step', 'residual', ...shown.map(({ variable }) => variable)];
  const count = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => cells(from + i));
  const some =
    left > 1
      ? [...count(0, rowsAtEnds), null, ...count(moments.length - rowsAtEnds, moments.length)]
      : count(0, moments.length);
  return [
    head,
    ...sparks,
    marks,
    '',
    ...aligned(titles, some, `... ${left.toLocaleString('en-US')} rows between: ${all(name)}`),
  ];
}

/** Columns as wide as their widest cell; numbers end at the right. */
function aligned(
  titles: readonly string[],
  rows: readonly (readonly string[] | null)[],
  gap: string,
): string[] {
  const all = [titles, ...rows.filter((row) => row !== null)];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i === 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`.trimEnd();
  return [line(titles), ...rows.map((row) => (row === null ? `  ${gap}` : line(row)))];
}

function rangeOf(values: Float64Array): string {
  let [least, largest] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  return least > largest ? 'no finite value' : `${short(least)} to ${short(largest)}`;
}

/** Seven digits, as float32 has. */
const short = (value: number): string => String(Number(value.toPrecision(7)));
