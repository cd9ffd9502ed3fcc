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
  /** The time in milliseconds; where left out, that of a clock that is never set back. */
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

/** `48 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (part: number) => String(part).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** What both kinds tell: counts, times and the note, as text. */
export class Tally {
  private readonly begin: number;
  private readonly first: number;
  done: number;
  note = '';

  constructor(
    private readonly options: ProgressOptions,
    readonly now = options.now ?? (() => performance.now()),
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
