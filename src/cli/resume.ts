import { Command } from 'commander';
import { interruption } from './interruption';
import { printFinished } from './run';
import type { Terminal } from './terminal';

interface Flags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `metaplast resume <run directory>` */
export function resumeCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('resume')
    .description('go on with an interrupted run, to the same bytes as if it had never stopped')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .option('--quiet', 'no progress and no report')
    .option(
      '--verbose',
      'say in full what executes the run, who chose it, and what was passed over, with why',
    )
    .option('--json', 'print the summary as one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  metaplast resume runs/2026-01-31-boston-cpu-s1')
    .action(async (directory: string, { quiet = false, verbose = false, json = false }: Flags) => {
      const { resumeRun } = await import('../run/run-scenario');
      const { signal, release } = interruption((line) => terminal.err(`\n${line}\n`));
      const begin = performance.now();
      try {
        const finished = await resumeRun(directory, { quiet, verbose, signal });
        const seconds = (performance.now() - begin) / 1000;
        const end = finished.alreadyComplete
          ? 'The run was finished already; nothing was changed.'
          : `${finished.failure === undefined ? 'Done' : 'Failed'} in ${seconds.toFixed(1)} s more.`;
        exit(printFinished(finished, { quiet, json }, terminal, end));
      } finally {
        release();
      }
    });
}
