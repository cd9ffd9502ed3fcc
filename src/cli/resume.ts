import { Command } from 'commander';
import { interruption } from './interruption';
import { storedScenarioOption, workersOption } from './options';
import { type QueueFlags, withQueue, withQueueFlags } from './queue-flags';
import { printFinished } from './run';
import type { Terminal } from './terminal';

interface Flags extends QueueFlags {
  readonly workers?: number;
  readonly scenario?: 'stored';
  readonly acceptEnvironment?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `metaplast resume <run directory>` */
export function resumeCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const command = new Command('resume')
    .description('go on with an interrupted run, to the same bytes as if it had never stopped')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .addOption(workersOption())
    .addOption(storedScenarioOption())
    .option(
      '--accept-environment',
      'go on although numbers are worked out otherwise here than before (another BLAS, engine, Node): env.json tells of it',
    )
    .option('--quiet', 'no progress and no report')
    .option(
      '--verbose',
      'say in full what executes the run, who chose it, and what was passed over, with why',
    )
    .option('--json', 'print the summary as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  metaplast resume runs/2026-01-31-boston-cpu-s1
  metaplast resume runs/2026-01-31-omniglot-cpu-s1 --queue redis://localhost:6379
  metaplast resume runs/2026-01-31-mine-cpu-s1 --scenario stored --workers 2

Settings, scenario and arithmetic must be as they were when the run began; what else is damaged of the run is told, and made again.`,
    )
    .action(async (directory: string, { quiet = false, verbose = false, json = false, ...flags }: Flags) => {
      const { resumeRun } = await import('../run/resume-run');
      const { signal, release } = interruption((line) => terminal.err(`\n${line}\n`));
      const begin = performance.now();
      try {
        const warn = (line: string) => terminal.err(`${line}\n`);
        const options = { ...flags, quiet, verbose, signal, warn };
        const finished = await withQueue(flags, terminal, (host) =>
          resumeRun(directory, { ...options, host }),
        );
        const seconds = (performance.now() - begin) / 1000;
        const end = finished.alreadyComplete
          ? 'The run was finished already; nothing was changed.'
          : `${finished.failure === undefined ? 'Done' : 'Failed'} in ${seconds.toFixed(1)} s more.`;
        exit(printFinished(finished, { quiet, json }, terminal, end));
      } finally {
        release();
      }
    });
  return withQueueFlags(command);
}
