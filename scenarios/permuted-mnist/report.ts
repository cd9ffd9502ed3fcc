import { ranBy } from '../../src/run/trust/report-lines';
import { finished, type PermutedFacts } from './facts';
import { finalMean, meanForgetting, type OverSeeds, overSeeds } from './forgetting';
import type { MethodRun } from './run-method';

/** What a run came to, for people. */
export function permutedReport(facts: PermutedFacts): string {
  const { settings, methods, runs, rules } = facts;
  const count = settings.seeds === 1 ? '1 seed' : `${settings.seeds} seeds`;
  return [
    `${runs[0]!.synapses} synapses learned ${settings.tasks} tasks, one after the other: the same digits, their pixels in another order each time. ` +
      `Judged by ${settings.judgedBy} images of all tasks so far; ${count}.`,
    '',
    ...table(facts),
    '',
    ...methods.map(({ name, title, summary }) => `${name} (${title}): ${summary}.`),
    ...runs.flatMap(({ label, history: { failure } }) =>
      failure === null ? [] : [`${label} failed: ${failure}.`],
    ),
    ...runs.filter(isShown).flatMap(matrixOf),
    '',
    ranBy(rules),
  ].join('\n');
}

/** Matrices of the first seed; the others are in the summary. */
const isShown = ({ seed, history }: MethodRun, _: number, all: readonly MethodRun[]): boolean =>
  seed === all[0]!.seed && history.failure === null;

function table(facts: PermutedFacts): string[] {
  const rows = facts.methods.map((method) => {
    const ended = finished(facts, method);
    const seconds = facts.runs
      .filter((run) => run.method === method)
      .reduce((sum, { label }) => sum + facts.seconds(label), 0);
    if (ended.length === 0) return [method.name, 'failed', '', '', '', seconds.toFixed(1)];
    const of = (value: (matrix: number[][]) => number) =>
      percent(overSeeds(ended.map(({ history }) => value(history.accuracy))));
    return [
      method.name,
      of(finalMean),
      of((matrix) => matrix.at(-1)![0]!),
      of((matrix) => matrix.at(-1)!.at(-1)!),
      of(meanForgetting),
      seconds.toFixed(1),
    ];
  });
  return columns([
    ['in percent, at the end', 'mean of all tasks', 'first task', 'last task', 'forgetting', 'seconds'],
    ...rows,
  ]);
}

/** A mean with its standard error. */
const percent = ({ mean, standardError }: OverSeeds): string =>
  `${(100 * mean).toFixed(2)}${standardError === null ? '' : ` ± ${(100 * standardError).toFixed(2)}`}`;

function matrixOf({ label, history }: MethodRun): string[] {
  return [
    '',
    `${label}: accuracy on each task (across) after each task (down), in percent`,
    ...history.accuracy.map(
      (row, task) =>
        `  after ${`${task + 1}`.padStart(2)} ${row.map((share) => (100 * share).toFixed(1).padStart(6)).join('')}`,
    ),
  ];
}

/** Columns side by side, the first to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
    return `  ${cells.join('  ')}`;
  });
}
