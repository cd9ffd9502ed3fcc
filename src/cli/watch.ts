import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal';

interface Flags {
  readonly every: number;
  readonly once?: boolean;
  readonly json?: boolean;
}

/** `metaplast watch <run directory>` */
export function watchCommand(terminal: Terminal, exit: (status: number) => void): Command {
  return new Command('watch')
    .description('follow a run from its files, while another process works on it')
    .argument('<run-directory>', 'such as runs/2026-01-31-boston-cpu-s1')
    .option('--every <seconds>', 'how often to look', seconds, 1)
    .option('--once', 'look once')
    .option('--json', 'print one JSON document a line, each time that something has changed')
    .addHelpText(
      'after',
      `
Examples:
  metaplast watch runs/2026-01-31-boston-cpu-s1
  metaplast watch runs/2026-01-31-boston-cpu-s1 --once --json

It ends when the run does: with 0 where it has finished or was stopped, with 1 where it is dead: killed, so that \`resume\` goes on with it.
In a browser: metaplast inspect`,
    )
    .action(async (directory: string, { every, once = false, json = false }: Flags) => {
      const { RunWatch } = await import('./watch/run-progress');
      const { progressLines } = await import('./watch/progress-lines');
      const watch = new RunWatch(directory);
      const screen = new Screen(terminal, process.stdout.isTTY === true && !json);
      let before = '';
      for (;;) {
        const progress = watch.look();
        const text = JSON.stringify(progress);
        if (text !== before) {
          if (json) terminal.out(`${text}\n`);
          else
            screen.show(
              progressLines(path.basename(path.resolve(directory)), progress, process.stdout.columns ?? 100),
            );
        }
        before = text;
        const goesOn = progress.standing.startsWith('running');
        if (!goesOn || once) {
          if (progress.standing === 'dead' && !once) {
            terminal.err(
              `The run is dead: no process works on it. Go on with it: metaplast resume ${directory}\n`,
            );
            exit(1);
          }
          return;
        }
        await wait(every * 1000);
      }
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (value >= 0.1 && value <= 3600) return value;
  throw new InvalidArgumentError('It is a number of seconds from 0.1 to 3600.');
}

/** Writes lines over those before them on a terminal, and behind them elsewhere. */
class Screen {
  private lines = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly isTerminal: boolean,
  ) {}

  show(lines: readonly string[]): void {
    const back = this.isTerminal && this.lines > 0 ? `\x1b[${this.lines}A\x1b[0J` : '';
    this.terminal.out(`${back}${lines.join('\n')}\n`);
    this.lines = lines.length;
  }
}
