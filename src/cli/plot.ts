import { join } from 'node:path';
import { Command } from 'commander';
import { wholeNumberOption } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly figure?: string;
  readonly out?: string;
  readonly width?: number;
  readonly json?: boolean;
}

/** `metaplast plot <run directory>` */
export function plotCommand(terminal: Terminal): Command {
  return new Command('plot')
    .description('draw the figures of a run again, from its run directory alone')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .option('--figure <name>', 'only this one')
    .option('--out <dir>', "folder for the pictures (default: the run's own plots/)")
    .option('--width <px>', "width of the PNG in pixels (default: twice the SVG's)", wholeNumberOption(1))
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
      const { openRunDirectory } = await import('../run/directory/run-directory');
      openRunDirectory(directory);
      const drawn = readFigures(directory, figure).map((made) => ({
        name: made.name,
        title: made.title,
        files: writeFigure(out ?? join(directory, 'plots'), made, width),
      }));
      if (json) printJson(terminal, drawn);
      else if (drawn.length === 0) terminal.err('the run has drawn no figure\n');
      for (const { name, title, files } of json ? [] : drawn) {
        terminal.out(`${name}: ${title}\n${files.map((file) => `  ${file}\n`).join('')}`);
      }
    });
}
