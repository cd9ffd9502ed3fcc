import type { Command } from 'commander';
import type { QueueAddress } from '../cluster/address';
import { InputError } from '../core/errors';
import type { TaskHost } from '../learning/workers/task-host';
import type { Terminal } from './terminal';

/** What `withQueueFlags` gives. */
export interface QueueFlags {
  /** Its address; true where the environment names it. */
  readonly queue?: string | true;
  readonly queueName?: string;
  readonly insecure?: boolean;
}

/** Where a run and its workers meet. */
export function withQueueFlags(command: Command): Command {
  return command
    .option(
      '--queue [url]',
      'tasks are learned by workers elsewhere, which a server of Redis or PostgreSQL brings together: redis://HOST:PORT, rediss:// (encrypted), postgres://USER@HOST/DATABASE; without a value, what METAPLAST_QUEUE says',
    )
    .option('--queue-name <name>', 'what all keys there begin with, or their schema (default: metaplast)')
    .option('--insecure', 'a server of the queue on another machine may be without a password');
}

/**
 * The address of the queue. Its password comes from the environment; one that stands in the command is warned of.
 * @throws InputError where there is none, or it is not legal.
 */
export async function queueAddressOf(flags: QueueFlags, warn: (line: string) => void): Promise<QueueAddress> {
  const { queue = true, queueName: name, insecure } = flags;
  const url = queue === true ? process.env.METAPLAST_QUEUE : queue;
  if (url === undefined || url === '') {
    const legal =
      '--queue redis://HOST:PORT or postgres://USER@HOST/DATABASE, or METAPLAST_QUEUE in the environment';
    throw new InputError({ what: 'No queue is named', got: url, legal });
  }
  if (queue !== true && /\/\/[^/@]*:[^@]+@/.test(queue))
    warn(
      'warning: the password of the queue stands in the command, which every user of this machine can read while it runs: put it into METAPLAST_QUEUE_PASSWORD',
    );
  const { addressWarnings, queueAddress } = await import('../cluster/address');
  const address = queueAddress(url, { name, insecure });
  for (const line of addressWarnings(address)) warn(line);
  return address;
}

/** Does something with the workers of the queue that flags name, or without any. */
export async function withQueue<Result>(
  flags: QueueFlags,
  terminal: Terminal,
  work: (host: TaskHost | undefined) => Promise<Result>,
): Promise<Result> {
  if (flags.queue === undefined) {
    refuseAlone(flags);
    return work(undefined);
  }
  const warn = (line: string): void => terminal.err(`${line}\n`);
  const address = await queueAddressOf(flags, warn);
  const { hostAt } = await import('../cluster/queue-host');
  const host = await hostAt(address, warn);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/** @throws InputError where flags say how to use a queue, and none is used. */
function refuseAlone({ queueName, insecure }: QueueFlags): void {
  const got = [queueName === undefined ? [] : ['--queue-name'], insecure ? ['--insecure'] : []].flat();
  if (got.length > 0)
    throw new InputError({
      what: 'Without --queue these have no use',
      got: got.join(' '),
      legal: 'both, or none',
    });
}
