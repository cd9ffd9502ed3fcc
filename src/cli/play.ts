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
  metaplast play                  turn beta, and see when a meta-gradient breaks
  metaplast play --port 0         at any free port

The address stands on stdout, on a line of its own: open it in a browser, which does all the work. It is served until Ctrl-C.
The same page lies in dist/playground/ as files for any web server.`;

/** `metaplast play` */
export function playCommand(terminal: Terminal): Command {
  return new Command('play')
    .description('play with beta, strengths and phases: the simulator on a page in your browser')
    .option(
      '--port <n>',
      'port to serve at, 0 for any that is free (default: 4748, or the next one that is free)',
      wholeNumberOption(0, 65_535),
    )
    .option(
      '--host <name>',
      'name or address to serve at; the default serves this machine alone',
      '127.0.0.1',
    )
    .addHelpText('after', help)
    .action(async ({ port, host }: Flags) => {
      const { servePlayground } = await import('../inspector/server/serve-playground');
      const complain = (line: string) => terminal.err(`${line}\n`);
      const { signal, release } = interruption(() => {});
      try {
        const served = await servePlayground({ host, port: port ?? null, complain });
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
