/** By the clock, at most so often; and no more of the time than one part in so many goes to writing them. */
const [seconds, share] = [1, 20];

/**
 * Says after which steps of a run a checkpoint is due: after every so many; or by the clock, since a step may take a millisecond
 * and a checkpoint syncs some fifteen files. Whatever the clock says, the last two steps of a part have one each, so that a
 * finished run holds the same checkpoints each time.
 */
export class CheckpointTurns {
  private last: number;
  private cost = 0;

  /**
   * @param every Steps from one to the next; null goes by the clock.
   * @param now Milliseconds since any moment.
   */
  constructor(
    private readonly every: number | null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.last = now();
  }

  /** After so many steps of a part with so many in all. */
  isDue(done: number, total: number): boolean {
    if (done === total) return true;
    if (this.every !== null) return done % this.every === 0;
    return done === total - 1 || this.now() - this.last >= Math.max(1000 * seconds, share * this.cost);
  }

  /** Writes one, and takes the time that it takes. */
  write(checkpoint: () => void): void {
    const begin = this.now();
    checkpoint();
    this.last = this.now();
    this.cost = this.last - begin;
  }
}
