/** A message may take so long: then a message costs next to nothing beside it, and the end of a round is not waited for. */
const longest = 5; // milliseconds

/** A task of so many milliseconds waits for none. */
const long = 20;

/** Messages that each worker has at the most: while it does one, the other waits beside it. */
export const jobsAhead = 2;

/**
 * How many tasks a message has: one, or several small ones, since a message and the switch of threads behind it cost as much as half of a task of a
 * millisecond. Fewer towards the end of a round, so that no worker waits long for the last message. No number depends on it.
 */
export class MessageSize {
  /** Of a task, as far as is known. */
  private milliseconds = Infinity;

  constructor(private readonly workers: number) {}

  /** Where so many tasks are left. */
  readonly of = (left: number): number => {
    const most = Math.floor(longest / this.milliseconds);
    return Math.max(1, Math.min(most, Math.floor(left / (2 * this.workers))));
  };

  /** How many messages are under way at a time: one waits at each worker, unless a task takes so long that the way of a message is nothing beside it; then a worker that was held
   * up keeps no task from another one. */
  get underWay(): number {
    return this.milliseconds < long ? jobsAhead * this.workers : this.workers;
  }

  note(tasks: number, milliseconds: number): void {
    this.milliseconds = Math.max(milliseconds / tasks, 1e-3);
  }
}
