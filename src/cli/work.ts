import { Command } from 'commander';
import { jobsOption, workersOption } from './options';
import { workAndReport } from './sweep';
import type { Terminal } from './terminal';

interface Flags {
  readonly jobs: number;
  readonly workers: number;
  readonly wait?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `metaplast work <study>` */
export function workCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('work')
    .description('join in the work on a study, or go on with one that was interrupted')
    .argument('<study>', 'its folder, such as runs/2026-01-31-study-boston')
    .addOption(jobsOption('trials at the same time, each a process of its own', 1))
    .addOption(workersOption())
    .option('--wait', 'stay until every trial has ended, ready to take over from others that fall silent')
    .option('--quiet', 'no progress and no report')
    .option('--json', 'print what the study came to as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  metaplast work runs/2026-01-31-study-boston             in another terminal, on another machine, or after Ctrl-C
  metaplast work runs/2026-01-31-study-boston --jobs 1 --workers 4
  sbatch --array=1-50 --wrap 'npx metaplast work runs/2026-01-31-study-boston'

It takes trials that nobody has begun, then those that were interrupted, that crashed once, or whose worker has fallen silent, and ends when others
work on all that is left. No trial is ever run by two at once.`,
    )
    .action(async (directory: string, { wait = false, quiet = false, json = false, ...flags }: Flags) => {
      const { openStudy } = await import('../study/study-directory');
      exit(await workAndReport(openStudy(directory), { ...flags, stays: wait, quiet, json }, terminal));
    });
}
