import { Command } from 'commander';
import { printable } from '../core/printable';
import type { TraceTable } from '../trace/read-trace';
import type { AllTraces } from '../trace/recorder';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly synapse?: string;
  readonly neuron?: string;
  readonly json?: boolean;
}

/** `metaplast trace <run directory> [trace]` */
export function traceCommand(terminal: Terminal): Command {
  return new Command('trace')
    .description(
      'list the traces of a run, show what synapses went through, or print a trace as comma-separated values',
    )
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .argument('[trace]', 'print this one')
    .option(
      '--synapse <synapses>',
      'only these: 42, 3-7, LAYER:FROM:TO such as 0:3:7, 0:bias:7, 0:*:7, in a kernel LAYER:FROM:ROW:COLUMN:TO; several with commas',
    )
    .option(
      '--neuron <neurons>',
      'only these: LAYER:UNIT such as 0:3, 0:2-4, 0:*; several with commas. Without a trace, charts of how they settle',
    )
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', help)
    .action(async (directory: string, name: string | undefined, flags: Flags) => {
      const { synapse, neuron, json = false } = flags;
      const { RunFiles } = await import('../run/directory/run-files');
      const { readAllRunTraces, readRunNeurons, readRunTrace } = await import('../run/directory/run-traces');
      const { parseSynapses } = await import('../trace/asked-synapses');
      const asked = synapse === undefined ? undefined : parseSynapses(synapse);
      const files = RunFiles.open(directory);
      const neurons = readRunNeurons(files);
      if (neuron !== undefined || (name !== undefined && neurons.has(name))) {
        const { printNeurons } = await import('./neuron-report/print-neurons');
        printNeurons(terminal, files, neurons, { name, asked: neuron, json });
      } else if (name === undefined && asked !== undefined) {
        const { printSynapses } = await import('./synapse-report/print-synapses');
        const width = process.stdout.columns ?? 100;
        printSynapses(terminal, files, asked, { directory, words: synapse!, width, json });
      } else if (name === undefined) await list(terminal, readAllRunTraces(files), json);
      else print(terminal, readRunTrace(files, name, asked), json);
    });
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What the files hold, in the words of those who write them. */
function help(): string {
  const { momentColumns, momentUnits } = require('../trace/probe') as typeof import('../trace/probe');
  const { sweepColumns } = require('../trace/neuron-probe') as typeof import('../trace/neuron-probe');
  const columns = momentColumns.map((column, i) => `    ${i}  ${column.padEnd(8)}  ${momentUnits[i]}`);
  return `
Examples:
  metaplast trace runs/2026-01-31-boston-cpu-s1
  metaplast trace runs/2026-01-31-boston-cpu-s1 --synapse 0:12:14    sparklines with the phases below them, tables, and what the rule did last
  metaplast trace runs/2026-01-31-boston-cpu-s1 synapses --synapse 42 > synapse-42.csv
  metaplast trace runs/2026-01-31-boston-cpu-s1 synapses --synapse 0:bias:7,3-5
  metaplast trace runs/2026-01-31-cifar10-cpu-s1 synapses --synapse 0:2:1:0:5    of a convolution: input channel 2, row 1 and column 0 of its kernel, output channel 5

A trace is two files of NumPy's, with a row for each moment that was recorded:
  traces/NAME.npy       [row][variable][synapse]; traces/index.json says which variables and synapses
  traces/NAME.when.npy  [row][5], when that row was recorded:
${columns.join('\n')}
A trace of neurons is [row][sample][neuron], with six numbers for when: ${sweepColumns.join(', ')}; index.json says which neurons and samples:
  metaplast trace runs/2026-01-31-local-cpu-s1 --neuron 0:3    charts of how s settles, by sweeps
Where a run was killed, one of the two may have rows more than the other: take as many as both have.

In Python, phi of synapse 42 at the end of each free phase:

  import json, numpy as np
  traces = 'runs/2026-01-31-boston-cpu-s1/traces/'
  about = json.load(open(traces + 'index.json'))['traces']['synapses']
  values, when = np.load(traces + 'synapses.npy'), np.load(traces + 'synapses.when.npy')
  column = [synapse['index'] for synapse in about['synapses']].index(42)
  phi = values[:, about['variables'].index('phi'), column]
  free = when[:, 1] == 0
  print(np.column_stack([when[free, 0], phi[free]]))  # task, phi

Of more than 1,000 synapses index.json has runs instead, [first index, how many, step], and the shapes of the parameters that they lie in:

  runs, blocks = about['synapses']['runs'], about['synapses']['blocks']
  indices = np.concatenate([first + step * np.arange(count) for first, count, step in runs])
  column = list(indices).index(42)
  block = [block for block in blocks if block['first'] <= 42][-1]
  print(block['layer'], block['parameter'], block['axes'], np.unravel_index(42 - block['first'], block['shape']))

A picture of it: metaplast plot runs/2026-01-31-boston-cpu-s1 --synapse 42`;
}

async function list(terminal: Terminal, index: AllTraces, json: boolean): Promise<void> {
  const { describeMoments } = await import('../trace/probe');
  if (json) printJson(terminal, index);
  if (Object.keys(index).length === 0) terminal.err('the run has recorded no trace\n');
  const { isOfNeurons, variablesOf } = await import('../trace/recorder');
  const { describeSweeps } = await import('../trace/neuron-probe');
  for (const [name, entry] of json ? [] : Object.entries(index)) {
    if (isOfNeurons(entry)) {
      const [rows, samples, neurons] = entry.shape;
      const of = `${counted(neurons, 'neuron')} in ${counted(samples, 'sample')}`;
      terminal.out(`${printable(`${name}: s of ${of}, ${rows} rows, ${describeSweeps(entry.every)}`)}\n`);
      continue;
    }
    const { shape, at, every, account } = entry;
    const [rows, , synapses] = shape;
    const of = synapses === 1 ? '1 synapse' : `${synapses} synapses`;
    const line = `${name}: ${variablesOf(entry).join(', ')}${account === undefined ? '' : ' and what the rule saw'} of ${of}, ${rows} rows, ${describeMoments(at, 1, every)}`;
    terminal.out(`${printable(line)}\n`);
  }
}

function print(terminal: Terminal, { entry, moments, courses }: TraceTable, json: boolean): void {
  if (json) {
    const plain = courses.map(({ values, ...course }) => ({ ...course, values: [...values] }));
    printJson(terminal, { ...entry, moments, courses: plain });
    return;
  }
  const names = courses.map(({ variable, synapse }) => `${variable}[${synapse.index}]`);
  terminal.out(`${printable([...entry.when.columns, ...names].join(','))}\n`);
  moments.forEach((moment, row) => {
    terminal.out(`${[...moment, ...courses.map(({ values }) => values[row])].join(',')}\n`);
  });
}
