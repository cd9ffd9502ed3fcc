import { Command } from 'commander';
import { mostWorkers } from '../engine/worker-limit';
import { interruption } from './interruption';
import { filesBeside, jobsOption, numberOption, wholeNumberOption, withConfigFile } from './options';
import { type QueueFlags, queueAddressOf, withQueueFlags } from './queue-flags';
import type { Terminal } from './terminal';

interface Flags extends QueueFlags {
  readonly threads: number;
  readonly lock: number;
  readonly idle?: number;
  readonly config?: string | false;
  readonly quiet?: boolean;
}

const help = `
Examples:
  metaplast worker --queue redis://localhost:6379
  metaplast worker --queue postgres://me@db.example.org/runs --threads 8
  metaplast worker ./my-scenario.ts ./my-synapse.ts --queue rediss://queue.example.org    a run by files of your own
  metaplast worker --queue redis://localhost --idle 600    ends when nothing was asked of it for 10 minutes

A worker has what it runs itself: the same version of metaplast as the run, and the same files, by their checksums. Nothing that comes by the queue is executed. The
password stands in METAPLAST_QUEUE_PASSWORD, or in the file that METAPLAST_QUEUE_PASSWORD_FILE names. How to set up a server: docs/howto/cluster.md.`;

/** `metaplast worker [files...]` */
export function workerCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const command = new Command('worker')
    .description('learn tasks for runs on other machines: metaplast run SCENARIO --queue URL')
    .argument('[files...]', 'files of your own that runs may learn by: scenarios, synapses, methods')
    .addOption(jobsOption('tasks at the same time', 1, '--threads <n>', mostWorkers))
    .option(
      '--lock <seconds>',
      "for how long a task is this worker's without a sign of life, which it gives while it learns; then another one learns it",
      lockOption,
      30,
    )
    .option('--idle <seconds>', 'end when no run has needed it for so long (default: stay)', numberOption)
    .option('--quiet', 'say nothing of what it does')
    .addHelpText('after', help)
    .action(async (files: string[], flags: Flags) => exit(await work(files, flags, terminal)));
  return withConfigFile(withQueueFlags(command));
}

const lockOption = (text: string): number => wholeNumberOption(1, 3600)(text);

async function work(files: readonly string[], flags: Flags, terminal: Terminal): Promise<number> {
  const { resolve } = await import('node:path');
  const { openExchange } = await import('../cluster/open-exchange');
  const { workOnQueue } = await import('../cluster/queue-worker');
  const { threads, lock, idle, quiet = false } = flags;
  const say = quiet ? () => {} : (line: string) => terminal.err(`${line}\n`);
  const warn = (line: string) => terminal.err(`${line}\n`);
  const address = await queueAddressOf(flags, warn);
  const { project } = await filesBeside(flags);
  const own = [...files, ...(project == null ? [] : [project])].map((file) => resolve(file));
  const said = 'interrupted: tasks under way are learned to their end (once more to stop at once)';
  const { signal, release } = interruption(() => terminal.err(`\n${said}\n`));
  try {
    const exchange = await openExchange(address, warn);
    try {
      say(`worker of ${address.shown}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, waits for runs`);
      const tasks = await workOnQueue({ exchange, threads, lock, idle, files: own, say, signal });
      say(`${tasks} tasks learned`);
    } finally {
      await exchange.close();
    }
    return 0;
  } finally {
    release();
  }
}
