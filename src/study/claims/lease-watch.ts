/** What was seen of one claim. */
interface Watched {
  readonly text: string;
  /** Milliseconds without a change, as far as somebody looked. */
  readonly silent: number;
  readonly lookedAt: number;
  readonly hasChanged: boolean;
}

/** What a look at a claim tells. */
export interface Look {
  /** Nothing has changed for as long as a lease lasts. */
  readonly isExpired: boolean;
  /** A change was seen: somebody is at work. */
  readonly isAlive: boolean;
}

/**
 * Watches claims for signs of life. Clocks of machines differ, so none is compared with another: what counts is how long this process, by its own
 * clock, has seen no change. Time in which it did not look, since it was stopped or its machine slept, counts for no more than two looks.
 */
export class LeaseWatch {
  private readonly watched = new Map<string, Watched>();

  /**
   * @param lease Milliseconds.
   * @param between Milliseconds from look to look, as a rule.
   * @param now Of a clock that is never set back.
   */
  constructor(
    private readonly lease: number,
    private readonly between: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param name Of the claim, which is another for each attempt. */
  look(name: string, text: string): Look {
    const now = this.now();
    const before = this.watched.get(name);
    const isNew = before === undefined;
    const changes = !isNew && before.text !== text;
    const counted = isNew || changes ? 0 : Math.min(now - before.lookedAt, 2 * this.between);
    const silent = isNew || changes ? 0 : before.silent + counted;
    const hasChanged = changes || (before?.hasChanged ?? false);
    this.watched.set(name, { text, silent, lookedAt: now, hasChanged });
    return { isExpired: silent >= this.lease, isAlive: hasChanged && silent < this.lease };
  }
}
