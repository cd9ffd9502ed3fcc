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
  const sparks = shown.map(({ variable, values }) => {
    const finite = [...values].filter(Number.isFinite);
    const [least, largest] = [Math.min(...finite), Math.max(...finite)];
    const range = finite.length === 0 ? 'no finite value' : `${short(least)} to ${short(largest)}`;
    return `  ${variable.padEnd(labels)}  ${sparkline(values, room)}  ${range}`;
  });
  const marks = `  ${'phase'.padEnd(labels)}  ${phaseMarks(moments, room)}`;
  const left = moments.length - 2 * rowsAtEnds;
  const rows = moments.map((moment, row) => [
    String(moment[0]),
    phaseInWords(moment[1]!, moment[2]!),
    moment[1] === -1 ? '' : String(moment[3]),
    moment[4] === undefined || Number.isNaN(moment[4]) ? '' : moment[4].toExponential(2),
    ...shown.map(({ values }) => short(values[row]!)),
  ]);
  const titles = ['task', 'phase', 'step', 'residual', ...shown.map(({ variable }) => variable)];
  const some = left > 1 ? [...rows.slice(0, rowsAtEnds), null, ...rows.slice(-rowsAtEnds)] : rows;
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

/** Seven digits, as float32 has. */
const short = (value: number): string => String(Number(value.toPrecision(7)));
