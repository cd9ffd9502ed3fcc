import { Command } from 'commander';
import { interruption } from './interruption';
import { wholeNumberOption } from './options';
import type { Terminal } from './terminal';

interface Flags {
  readonly port?: number;
  readonly host: string;
}

const help = `
Examples:
  metaplast inspect                                     all runs and studies in runs/
  metaplast inspect runs/2026-01-31-boston-cpu-s1       one run
  metaplast inspect --port 0                            at any free port
  metaplast inspect /data/runs --host 0.0.0.0           for other machines too: the address has a token, without which nobody is let in

The address stands on stdout, on a line of its own: open it in a browser. It is served until Ctrl-C. Nothing is ever written into the folder.`;

/** `metaplast inspect [runs]` */
export function inspectCommand(terminal: Terminal): Command {
  return new Command('inspect')
    .description('watch synapses: runs, their traces and what the rule did, on a page in your browser')
    .argument('[runs]', 'a folder of run directories, one of them, or a study', 'runs')
    .option(
      '--port <n>',
      'port to serve at, 0 for any that is free (default: 4747, or the next one that is free)',
      wholeNumberOption(0, 65_535),
    )
    .option(
      '--host <name>',
      'name or address to serve at; the default serves this machine alone',
      '127.0.0.1',
    )
    .addHelpText('after', help)
    .action(async (folder: string, { port, host }: Flags) => {
      const { serve } = await import('../inspector/server/serve');
      const complain = (line: string) => terminal.err(`${line}\n`);
      const { signal, release } = interruption(() => {});
      try {
        const served = await serve({ folder, host, port: port ?? null, complain });
        terminal.out(`${served.address}\n`);
        if (!signal.aborted)
          await new Promise<void>((resolve) =>
            signal.addEventListener('abort', () => resolve(), { once: true }),
          );
        await served.close();
      } finally {
        release();
      }
    });
}
