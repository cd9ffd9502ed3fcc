import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { MadeFigure } from '../plot/figure-svg';
import { wholeNumberOption } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly figure?: string;
  readonly synapse?: string;
  readonly trace?: string;
  readonly tasks?: readonly [first: number, last: number];
  readonly out?: string;
  readonly width?: number;
  readonly json?: boolean;
}

/** `metaplast plot <run directory>` */
export function plotCommand(terminal: Terminal): Command {
  return new Command('plot')
    .description('draw the figures of a run again, or one of its synapses, from its run directory alone')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .option('--figure <name>', 'only this one')
    .option(
      '--synapse <synapses>',
      'draw these synapses from the traces that hold them: 42, 3-7, or LAYER:FROM:TO such as 0:3:7, 0:bias:7, 0:*:7; several with commas',
    )
    .option(
      '--trace <name>',
      'with --synapse: from this trace only (list them: metaplast trace <run-directory>)',
    )
    .option('--tasks <from-to>', 'with --synapse: in these tasks only, such as 0-3 or 17', tasksOption)
    .option(
      '--out <dir>',
      "folder for the pictures (default: the run's own plots/; of synapses, plots/synapses/)",
    )
    .option('--width <px>', "width of the PNG in pixels (default: twice the SVG's)", wholeNumberOption(1))
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  metaplast plot runs/2026-01-31-boston-cpu-s1
  metaplast plot runs/2026-01-31-boston-cpu-s1 --figure loss-by-meta-step --out pictures --width 2400
  metaplast plot runs/2026-01-31-boston-cpu-s1 --synapse 42
  metaplast plot runs/2026-01-31-boston-cpu-s1 --synapse 0:bias:7,0:*:7 --trace synapses --tasks 0-9

Each figure is written as .svg and .png, .csv (its numbers) and .json (what it is drawn from).`,
    )
    .action(async (directory: string, flags: Flags) => {
      const { out, width, json = false } = flags;
      const { writeFigure } = await import('../run/directory/figure-files');
      const { figures, folder } = await chosen(directory, flags);
      const drawn = figures.map((made) => ({
        name: made.name,
        title: made.title,
        files: writeFigure(out ?? join(directory, folder), made, width),
      }));
      if (json) printJson(terminal, drawn);
      else if (drawn.length === 0) terminal.err('the run has drawn no figure\n');
      for (const { name, title, files } of json ? [] : drawn) {
        terminal.out(`${name}: ${title}\n${files.map((file) => `  ${file}\n`).join('')}`);
      }
    });
}

/** The figures asked for, and where in the run directory they belong. */
async function chosen(
  directory: string,
  { figure, synapse, trace, tasks }: Flags,
): Promise<{ figures: readonly MadeFigure[]; folder: string }> {
  const { openRunDirectory } = await import('../run/directory/run-directory');
  if (synapse === undefined) {
    await needsSynapse({ trace, tasks });
    const { readFigures } = await import('../run/directory/figure-files');
    openRunDirectory(directory);
    return { figures: readFigures(directory, figure), folder: 'plots' };
  }
  await needsNoFigure(figure);
  const { drawSynapses } = await import('../run/synapse-figures/draw-synapses');
  const stored = openRunDirectory(directory);
  // A folder of their own, where none of them can be taken for a figure of the run.
  return { figures: drawSynapses({ directory, stored, synapse, trace, tasks }), folder: 'plots/synapses' };
}

async function needsSynapse(flags: Pick<Flags, 'trace' | 'tasks'>): Promise<void> {
  const given = Object.entries(flags).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  const { InputError } = await import('../core/errors');
  throw new InputError({
    what: `--${given[0]} says what of a synapse is drawn, and no synapse is named`,
    advice: 'Name one: --synapse 42',
  });
}

async function needsNoFigure(figure: string | undefined): Promise<void> {
  if (figure === undefined) return;
  const { InputError } = await import('../core/errors');
  throw new InputError({
    what: '--figure draws a figure of the run again, --synapse makes a new one',
    got: figure,
    legal: 'one of the two',
  });
}

/** For commander: `3-7`, or one number. */
function tasksOption(text: string): [number, number] {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text);
  const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
  if (first <= last) return [first, last];
  throw new InvalidArgumentError('Legal: a task such as 17, or some in a row such as 0-3.');
}
