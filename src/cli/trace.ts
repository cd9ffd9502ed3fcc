import { Command } from 'commander';
import type { TraceTable } from '../trace/read-trace';
import type { TraceIndex } from '../trace/recorder';
import { wholeNumberOption } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly synapse?: number;
  readonly json?: boolean;
}

/** `metaplast trace <run directory> [trace]` */
export function traceCommand(terminal: Terminal): Command {
  return new Command('trace')
    .description('list the traces of a run, or print one as comma-separated values')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .argument('[trace]', 'print this one')
    .option('--synapse <index>', 'only this synapse', wholeNumberOption(0))
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  metaplast trace runs/2026-01-31-boston-cpu-s1
  metaplast trace runs/2026-01-31-boston-cpu-s1 synapses --synapse 42 > synapse-42.csv

The files are NumPy's: numpy.load('traces/synapses.npy') has the axes row, variable, synapse.`,
    )
    .action(async (directory: string, name: string | undefined, { synapse, json = false }: Flags) => {
      const { RunFiles } = await import('../run/directory/run-files');
      const { readRunTrace, readRunTraces } = await import('../run/directory/run-traces');
      const files = RunFiles.open(directory);
      if (name === undefined) await list(terminal, readRunTraces(files), json);
      else print(terminal, readRunTrace(files, name, synapse), json);
    });
}

async function list(terminal: Terminal, index: TraceIndex, json: boolean): Promise<void> {
  const { describeMoments } = await import('../trace/probe');
  if (json) printJson(terminal, index);
  if (Object.keys(index).length === 0) terminal.err('the run has recorded no trace\n');
  for (const [name, { shape, variables, at, every }] of json ? [] : Object.entries(index)) {
    const [rows, , synapses] = shape;
    const of = synapses === 1 ? '1 synapse' : `${synapses} synapses`;
    terminal.out(
      `${name}: ${variables.join(', ')} of ${of}, ${rows} rows, ${describeMoments(at, 1, every)}\n`,
    );
  }
}

function print(terminal: Terminal, { entry, moments, courses }: TraceTable, json: boolean): void {
  if (json) {
    const plain = courses.map(({ values, ...course }) => ({ ...course, values: [...values] }));
    printJson(terminal, { ...entry, moments, courses: plain });
    return;
  }
  const names = courses.map(({ variable, synapse }) => `${variable}[${synapse.index}]`);
  terminal.out(`${[...entry.when.columns, ...names].join(',')}\n`);
  moments.forEach((moment, row) => {
    terminal.out(`${[...moment, ...courses.map(({ values }) => values[row])].join(',')}\n`);
  });
}
