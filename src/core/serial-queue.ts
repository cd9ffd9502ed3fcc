import { ClosedError } from './errors';

/** Does one thing after the other, in the order in which they are asked for, until it is closed. */
export class SerialQueue {
  /** Resolves when all that was asked for is over; null where it is already. */
  private last: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  /** @param who what its errors call it, such as `The session` */
  constructor(private readonly who: string) {}

  /** Whether something is being done. */
  get busy(): boolean {
    return this.last !== null;
  }

  /** Whether `close` has been called. */
  get closed(): boolean {
    return this.closing !== null;
  }

  /**
   * Does the work: at once where nothing else is being done, else when all that was asked for before is over, well or not.
   * @param name the method that was called, for the error
   * @throws ClosedError (by its promise) after `close`; else what the work throws.
   */
  add<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    if (this.closing !== null) return Promise.reject(new ClosedError(this.who, name));
    const before = this.last;
    let finish = (): void => {};
    const over = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.last = over; // from the first line of the work on, which may itself ask for more
    const perform = async (): Promise<Result> => {
      try {
        return await work();
      } finally {
        if (this.last === over) this.last = null;
        finish();
      }
    };
    return before === null ? perform() : before.then(perform);
  }

  /** Refuses what is asked for from now on, waits for what was asked for before, then ends. A second time it does nothing. */
  close(end: () => Promise<void>): Promise<void> {
    this.closing ??= Promise.resolve(this.last).then(end);
    return this.closing;
  }
}
