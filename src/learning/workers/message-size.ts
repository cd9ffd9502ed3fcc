import type { JobSizes } from './task-host';

/**
 * How many tasks a message has: one, or several small ones, since a message and the switch of threads behind it cost as much as half of a task of a
 * millisecond. Fewer towards the end of a round, so that no worker waits long for the last message. No number depends on it.
 */
export class MessageSize {
  /** Of a task, as far as is known. */
  private milliseconds = Infinity;

  constructor(private readonly sizes: JobSizes) {}

  /** Where so many tasks are left. */
  readonly of = (left: number): number => {
    const { longest, workers } = this.sizes;
    const most = Math.floor(longest / this.milliseconds);
    return Math.max(1, Math.min(most, Math.floor(left / (2 * Math.max(1, workers)))));
  };

  /** How many messages are under way at a time. */
  get underWay(): number {
    return this.sizes.underWay(this.milliseconds);
  }

  note(tasks: number, milliseconds: number): void {
    this.milliseconds = Math.max(milliseconds / tasks, 1e-3);
  }
}
