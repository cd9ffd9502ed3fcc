import { join, resolve } from 'node:path';
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

/** Beyond it a picture takes gigabytes while it is drawn; printed at 300 dots per inch it is 1.4 m wide. */
const widest = 16_384;

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
    .option(
      '--width <px>',
      `width of the PNG in pixels, up to ${widest} (default: twice the SVG's)`,
      wholeNumberOption(1, widest),
    )
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
      const { json = false } = flags;
      const { figures, files } = await draw(directory, flags);
      const drawn = figures.map(({ name, title }, i) => ({ name, title, files: files[i]! }));
      if (json) printJson(terminal, drawn);
      else if (drawn.length === 0) terminal.err('the run has drawn no figure\n');
      for (const { name, title, files } of json ? [] : drawn) {
        terminal.out(`${name}: ${title}\n${files.map((file) => `  ${file}\n`).join('')}`);
      }
    });
}

/** Draws the figures asked for; gives the files of each. */
async function draw(
  directory: string,
  { figure, synapse, trace, tasks, out, width }: Flags,
): Promise<{ figures: readonly MadeFigure[]; files: readonly string[][] }> {
  const { readFigures, writeFigure } = await import('../run/directory/figure-files');
  const { RunFiles } = await import('../run/directory/run-files');
  const into = (folder: string, figures: readonly MadeFigure[]) => ({
    figures,
    files: figures.map((made) => writeFigure(folder, made, width)),
  });
  if (synapse === undefined) {
    await needsSynapse({ trace, tasks });
    const figures = readFigures(RunFiles.open(directory), figure);
    if (out !== undefined && resolve(out) !== resolve(directory, 'plots')) return into(out, figures);
    const { redrawFigures } = await import('../run/directory/redraw-figures');
    return { figures, files: redrawFigures(directory, figures, width) };
  }
  await needsNoFigure(figure);
  const { drawSynapses } = await import('../run/synapse-figures/draw-synapses');
  const figures = drawSynapses({ files: RunFiles.open(directory), synapse, trace, tasks });
  // A folder of their own, where none of them can be taken for a figure of the run.
  return into(out ?? join(directory, 'plots/synapses'), figures);
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
