import type { ProgressBar } from './progress-bar';
import { type Progress, type ProgressOptions, Tally } from './progress-line';

export type { Progress, ProgressOptions } from './progress-line';

const millisecondsBetweenLines = 10_000;

/** Progress on stderr: a bar on a terminal, a line at most every ten seconds elsewhere, nothing when quiet. */
export function createProgress(options: ProgressOptions): Progress {
  if (options.mode === 'quiet') return { update() {}, say() {}, finish() {} };
  const stream = options.stream ?? process.stderr;
  if (!stream.isTTY) return new ProgressLines(options, stream);
  // Loaded here, not above: most runs that a script starts have no terminal.
  const bar = require('./progress-bar') as { ProgressBar: typeof ProgressBar };
  return new bar.ProgressBar(options, stream);
}

class ProgressLines implements Progress {
  private readonly tally: Tally;
  private printed: number;
  private finished = false;

  constructor(
    options: ProgressOptions,
    private readonly stream: NodeJS.WriteStream,
  ) {
    this.tally = new Tally(options);
    this.printed = this.tally.now();
  }

  update(done: number, note?: string): void {
    this.tally.set(done, note);
    if (this.finished || this.tally.now() - this.printed < millisecondsBetweenLines) return;
    this.printed = this.tally.now();
    this.say(this.tally.text());
  }

  say(line: string): void {
    this.stream.write(`${line}\n`);
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.say(this.tally.text());
  }
}
