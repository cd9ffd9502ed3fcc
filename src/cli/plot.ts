import { resolve } from 'node:path';
import { Command } from 'commander';
import { wholeNumberOption } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly figure?: string;
  readonly out?: string;
  readonly width?: number;
  readonly json?: boolean;
}

/** Beyond it a picture takes gigabytes while it is drawn; printed at 300 dots per inch it is 1.4 m wide. */
const widest = 16_384;

/** `metaplast plot <run directory>` */
export function plotCommand(terminal: Terminal): Command {
  return new Command('plot')
    .description('draw the figures of a run again, from its run directory alone')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .option('--figure <name>', 'only this one')
    .option('--out <dir>', "folder for the pictures (default: the run's own plots/)")
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

Each figure is written as .svg and .png, .csv (its numbers) and .json (what it is drawn from).`,
    )
    .action(async (directory: string, { figure, out, width, json = false }: Flags) => {
      const { readFigures, writeFigure } = await import('../run/directory/figure-files');
      const { redrawFigures } = await import('../run/directory/redraw-figures');
      const { RunFiles } = await import('../run/directory/run-files');
      const figures = readFigures(RunFiles.open(directory), figure);
      const own = out === undefined || resolve(out) === resolve(directory, 'plots');
      const files = own
        ? redrawFigures(directory, figures, width)
        : figures.map((made) => writeFigure(out, made, width));
      const drawn = figures.map(({ name, title }, i) => ({ name, title, files: files[i]! }));
      if (json) printJson(terminal, drawn);
      else if (drawn.length === 0) terminal.err('the run has drawn no figure\n');
      for (const { name, title, files } of json ? [] : drawn) {
        terminal.out(`${name}: ${title}\n${files.map((file) => `  ${file}\n`).join('')}`);
      }
    });
}
