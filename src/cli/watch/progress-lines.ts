import { printable } from '../../core/printable';
import { sparkline } from '../../plot/sparkline';
import { phaseInWords } from '../synapse-report/phase-marks';
import type { LastRow, RunProgress } from './run-progress';

/** Metrics that are shown; a record may have hundreds. */
const mostMetrics = 12;

/** How far a run has come, for a terminal of so many columns. */
export function progressLines(name: string, progress: RunProgress, width: number): string[] {
  const { standing, records, metrics, traces } = progress;
  // What stays the same says nothing; what every record has comes first.
  const all = Object.entries(metrics)
    .filter(([, values]) => values.length === 1 || values.some((value) => value !== values[0]))
    .sort(([, a], [, b]) => b.length - a.length);
  const shown = all.slice(0, mostMetrics);
  const labels = Math.max(
    0,
    ...[...shown.map(([metric]) => metric), ...Object.keys(traces)].map(({ length }) => length),
  );
  const room = Math.max(10, Math.min(60, width - labels - 20));
  const more = all.length - shown.length;
  return [
    `${name}: ${standing}, ${records} ${records === 1 ? 'record' : 'records'}`,
    ...shown.map(([metric, values]) => {
      const last = String(Number(values.at(-1)!.toPrecision(6)));
      return `  ${metric.padEnd(labels)}  ${sparkline(values, room).padEnd(room)}  ${last}`;
    }),
    ...(more > 0 ? [`  and ${more} more metrics`] : []),
    ...Object.entries(traces).map(([trace, last]) => `  ${trace.padEnd(labels)}  ${lastRow(last)}`),
  ]
    .map(printable)
    .map((line) => (line.length > width ? `${line.slice(0, width - 3)}...` : line));
}

function lastRow({ rows, task, phase, beta, step, residual }: LastRow): string {
  const at = phase === -1 ? 'meta-update' : `${phaseInWords(phase, beta)}, step ${step}`;
  const settled = residual === null ? '' : `, residual ${residual.toExponential(1)}`;
  return `${rows.toLocaleString('en-US')} rows, task ${task}, ${at}${settled}`;
}
