import cliProgress from 'cli-progress';
import { type Progress, type ProgressOptions, Tally } from './progress-line';

/** Columns of the bar itself. */
const [narrowest, widest] = [5, 20];

/** A bar whose timer does not keep the process alive. */
class IdleBar extends cliProgress.SingleBar {
  override render(): void {
    super.render();
    (this as unknown as { timer: NodeJS.Timeout | null }).timer?.unref();
  }
}

/** A bar on a terminal, with counts, times and a note. */
export class ProgressBar implements Progress {
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
