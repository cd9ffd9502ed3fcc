import cliProgress from 'cli-progress';

/** How a run's progress is shown. */
export interface ProgressOptions {
  /** What runs, such as the scenario's name. */
  readonly label: string;
  /** How many steps there are in all, those of earlier processes included. */
  readonly total: number;
  /** `quiet` prints nothing; `auto` a bar on a terminal and a line every ten seconds elsewhere. */
  readonly mode: 'auto' | 'quiet';
  /** Where to; stderr where left out, since stdout is for results. */
  readonly stream?: NodeJS.WriteStream;
  /** The time in milliseconds; the machine's where left out. */
  readonly now?: () => number;
  /** How many steps were done before this process, for a resumed run; they do not count for the time left. */
  readonly startAt?: number;
}

/** Tells people how far a run has come. */
export interface Progress {
  /**
   * @param done Steps done, out of the total.
   * @param note What else to show, such as the error of the last step; stays until another is given.
   */
  update(done: number, note?: string): void;
  /** Prints a line of its own without breaking the bar. */
  say(line: string): void;
  /** Shows the state a last time and stops; to be called whatever happens. A second call does nothing. */
  finish(): void;
}

const millisecondsBetweenLines = 10_000;

/** Progress on stderr: a bar on a terminal, a line at most every ten seconds elsewhere, nothing when quiet. */
export function createProgress(options: ProgressOptions): Progress {
  if (options.mode === 'quiet') return { update() {}, say() {}, finish() {} };
  const stream = options.stream ?? process.stderr;
  return stream.isTTY ? new ProgressBar(options, stream) : new ProgressLines(options, stream);
}

/** `48 s`, `3 min 20 s`, `2 h 05 min`. */
function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (part: number) => String(part).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** What both kinds tell: counts, times and the note, as text. */
class Tally {
  private readonly begin: number;
  private readonly first: number;
  done: number;
  note = '';

  constructor(
    private readonly options: ProgressOptions,
    readonly now = options.now ?? Date.now,
  ) {
    this.begin = now();
    this.first = options.startAt ?? 0;
    this.done = this.first;
  }

  set(done: number, note?: string): void {
    this.done = done;
    if (note !== undefined) this.note = note;
  }

  /** `boston  40% (12/30)  elapsed 22 s, about 33 s left  held-out mse 0.21`, with a bar where one is given. */
  text(bar?: string): string {
    const { label, total } = this.options;
    const fraction = total > 0 ? Math.min(1, this.done / total) : 1;
    const seconds = (this.now() - this.begin) / 1000;
    const here = this.done - this.first;
    const left = total - this.done;
    const remaining = here > 0 && left > 0 ? `, about ${formatDuration((seconds / here) * left)} left` : '';
    const counts = `${Math.floor(fraction * 100)}% (${this.done}/${total})`;
    const parts = [label, bar, counts, `elapsed ${formatDuration(seconds)}${remaining}`, this.note];
    return parts.filter((part) => part !== undefined && part !== '').join('  ');
  }
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

/** Columns of the bar itself. */
const [narrowest, widest] = [5, 20];

/** A bar whose timer does not keep the process alive. */
class IdleBar extends cliProgress.SingleBar {
  override render(): void {
    super.render();
    (this as unknown as { timer: NodeJS.Timeout | null }).timer?.unref();
  }
}

class ProgressBar implements Progress {
  private readonly tally: Tally;
  private readonly bar: IdleBar;
  private finished = false;

  constructor(
    private readonly options: ProgressOptions,
    private readonly stream: NodeJS.WriteStream,
  ) {
    this.tally = new Tally(options);
    this.bar = new IdleBar({
      stream,
      barsize: widest,
      linewrap: true, // The bar cuts its line at the terminal's width itself and leaves the terminal's mode alone.
      clearOnComplete: true,
      format: (settings, { progress }) => this.tally.text(this.picture(settings, progress)),
    });
    this.start();
  }

  update(done: number, note?: string): void {
    this.tally.set(done, note);
    if (!this.finished) this.bar.update(done);
  }

  say(line: string): void {
    if (!this.finished) this.bar.stop();
    this.stream.write(`${line}\n`);
    if (!this.finished) this.start();
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    this.bar.stop();
    this.stream.write(`${this.tally.text()}\n`);
  }

  /** As wide as the text leaves room for; none where it would be too narrow to tell anything. */
  private picture(settings: cliProgress.Options, progress: number): string | undefined {
    const room = (this.stream.columns ?? 80) - this.tally.text().length - '  []'.length - 1;
    const barsize = Math.min(widest, room);
    if (barsize < narrowest) return undefined;
    return `[${cliProgress.Format.BarFormat(progress, { ...settings, barsize })}]`;
  }

  private start(): void {
    this.bar.start(this.options.total, this.tally.done);
  }
}
