import { Command } from 'commander';
import type { Comparison } from '../study/compare/comparison';
import { collect } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly metric: string[];
  readonly listMetrics?: boolean;
  readonly where: string[];
  readonly groupBy?: string;
  readonly csv?: string;
  readonly figure?: string;
  readonly x?: string;
  readonly diff?: boolean;
  readonly importance?: string;
  readonly json?: boolean;
}

/** `metaplast compare <runs...>` */
export function compareCommand(terminal: Terminal): Command {
  return new Command('compare')
    .description(
      'set runs side by side: the settings that differ, against what they came to, as means over seeds',
    )
    .argument('<runs...>', 'run directories, studies, or folders of run directories such as runs/')
    .option(
      '--metric <path>',
      'show this number of summary.json: a path, the end of one, or a pattern such as "accuracy[*].mean"; may be given many times',
      collect,
      [],
    )
    .option('--list-metrics', 'list the numbers that there are')
    .option(
      '--where <path=value>',
      'only runs with this setting (path!=value: without); scenario=..., seed=..., method=... too; may be given many times',
      collect,
      [],
    )
    .option(
      '--group-by <paths>',
      'settings that tell rows apart, with commas; seed for a row each run, none for one row (default: all that differ but the seed)',
    )
    .option('--csv <file>', 'write the table as comma-separated values, with all digits; - for stdout')
    .option('--figure <file>', 'draw means and 95 % bands over seeds, to a file ending with .svg or .png')
    .option(
      '--x <path>',
      'with --figure: the setting on the x axis, or metaStep for courses of learning (default: the numeric setting that differs; if none, metaStep)',
    )
    .option(
      '--importance <metric>',
      'instead of the table: how much of a metric’s variance each setting that differs explains',
    )
    .option('--diff', 'what differs between the settings of two runs, and their metrics side by side')
    .option('--json', 'print one JSON document on stdout, with every metric')
    .addHelpText('after', help)
    .action(async (paths: string[], flags: Flags) => {
      if (flags.diff) return showDifference(terminal, paths, flags);
      await checkFlags(flags);
      const { compareRuns } = await import('../study/compare/comparison');
      const comparison = compareRuns({
        paths,
        metrics: flags.metric,
        where: flags.where,
        groupBy: pathsOf(flags.groupBy),
        ofCourses: flags.x === 'metaStep',
      });
      for (const warning of comparison.warnings) terminal.err(`warning: ${warning}\n`);
      if (flags.listMetrics) {
        const { metricList } = await import('../study/compare/metric-list');
        const listed = metricList(comparison);
        if (flags.json) return printJson(terminal, listed);
        const { metricListText } = await import('../study/compare/report');
        return terminal.out(metricListText(listed));
      }
      if (flags.importance !== undefined)
        return showImportance(terminal, comparison, flags.importance, flags);
      const written: string[] = [];
      if (flags.figure !== undefined) {
        const { drawComparison } = await import('../study/compare/figure/draw-comparison');
        const missing = drawComparison(comparison, {
          file: flags.figure,
          x: flags.x,
          metrics: flags.metric,
          paths,
          where: flags.where,
          groupBy: flags.groupBy,
        });
        for (const warning of missing) terminal.err(`warning: ${warning}\n`);
        written.push(flags.figure);
      }
      if (flags.csv !== undefined) {
        const { comparisonCsv } = await import('../study/compare/comparison-csv');
        const text = comparisonCsv(comparison);
        if (flags.csv === '-') return terminal.out(text);
        const { writeDurably } = await import('../core/durable-file');
        writeDurably(flags.csv, text);
        written.push(flags.csv);
      }
      if (flags.json) {
        const { comparisonJson } = await import('../study/compare/comparison-json');
        return printJson(terminal, comparisonJson(comparison));
      }
      const { comparisonText } = await import('../study/compare/report');
      terminal.out(comparisonText(comparison));
      for (const file of written) terminal.err(`wrote ${file}\n`);
    });
}

const help = `
Examples:
  metaplast compare runs/                                           all runs of a folder, a table for each scenario
  metaplast compare runs/*boston*                                   these
  metaplast compare runs/beta-sweep --metric test --metric heldOut.after
  metaplast compare runs/ --where scenario=boston --where beta!=0.3 --group-by beta
  metaplast compare runs/ --where method=maml --metric "accuracy[*].mean"
  metaplast compare runs/beta-sweep --csv table.csv --figure test-by-beta.png
  metaplast compare runs/beta-sweep --figure courses.svg --x metaStep
  metaplast compare runs/beta-sweep --importance heldOut.after      which of the settings matter
  metaplast compare --diff runs/2026-01-31-boston-cpu-s1 runs/2026-01-31-boston-cpu-2-s1

Runs that are alike but for their seed are one row: the mean over seeds, with its 95 % confidence interval by Student's t.
Runs that are unfinished, failed or damaged are named, and left out of the means. Absent settings are (absent), which is not 0, false, null or "".`;

/** @throws InputError where two flags want the same place, or one needs another. */
async function checkFlags({ csv, json, listMetrics, x, figure, importance }: Flags): Promise<void> {
  const { InputError } = await import('../core/errors');
  if (importance !== undefined && (figure !== undefined || listMetrics)) {
    throw new InputError({
      what: `--importance is a table of its own, and ${listMetrics ? '--list-metrics lists names' : '--figure draws another'}`,
      legal: '--importance with --csv or --json',
    });
  }
  if (csv === '-' && json) {
    throw new InputError({ what: '--json and --csv - both want stdout', advice: 'Give --csv a file' });
  }
  if (listMetrics && (csv !== undefined || figure !== undefined)) {
    throw new InputError({
      what: '--list-metrics lists names, and writes no file',
      advice: 'Leave out --csv and --figure',
    });
  }
  if (x !== undefined && figure === undefined) {
    throw new InputError({
      what: '--x says what a figure is drawn over, and none is asked for',
      advice: 'Add --figure FILE.png',
    });
  }
}

/** Paths with commas between them; `none` for none. */
function pathsOf(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return text.trim() === 'none' ? [] : text.split(',').map((path) => path.trim());
}

async function showImportance(
  terminal: Terminal,
  comparison: Comparison,
  metric: string,
  { json, csv }: Flags,
): Promise<void> {
  const { comparedImportance } = await import('../study/importance/compared-importance');
  const importance = comparedImportance(comparison, metric);
  if (json) return printJson(terminal, importance);
  const { importanceCsv, importanceText } = await import('../study/importance/importance-text');
  if (csv === '-') return terminal.out(importanceCsv(importance));
  terminal.out(`${importanceText(importance, importance.metric)}\n`);
  if (csv === undefined) return;
  const { writeDurably } = await import('../core/durable-file');
  writeDurably(csv, importanceCsv(importance));
  terminal.err(`wrote ${csv}\n`);
}

async function showDifference(terminal: Terminal, paths: readonly string[], flags: Flags): Promise<void> {
  const { InputError } = await import('../core/errors');
  const others = (['listMetrics', 'groupBy', 'csv', 'figure', 'x'] as const).filter(
    (name) => flags[name] !== undefined,
  );
  if (others.length > 0 || flags.where.length > 0) {
    throw new InputError({
      what: '--diff goes with --metric and --json only',
      advice: 'Leave out the others',
    });
  }
  const { diffRuns } = await import('../study/compare/diff-runs');
  const difference = diffRuns(paths, flags.metric);
  for (const warning of difference.warnings) terminal.err(`warning: ${warning}\n`);
  if (flags.json) return printJson(terminal, difference);
  const { differenceText } = await import('../study/compare/diff-report');
  terminal.out(differenceText(difference));
}
