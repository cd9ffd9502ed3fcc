/** By the clock, at most so often; and no more of the time than this goes to checkpoints. */
const [seconds, share] = [1, 0.02];

/** States of up to so many bytes cost next to nothing to copy, and little more than syncing the disk to write. */
const smallBytes = 256 * 1024;

/**
 * Says after which steps of a run a checkpoint is due: after every so many; or by the clock, since a step may take a millisecond and a
 * checkpoint of half a million synapses a second. By the clock, what copying and writing states has taken, and will take once more at the
 * end, stays below a fiftieth of the time that the run has had: what was measured so far says how long the next one takes. So that a
 * finished run holds the same checkpoints each time, the last two steps of a part with a small state have one each whatever the clock
 * says, and a large state has one alone in the end.
 */
export class CheckpointTurns {
  private readonly begin: number;
  private last: number;
  /** Milliseconds that all checkpoints have taken, and the last one. */
  private spent = 0;
  private cost = 0;
  /** Of it, the copy that was taken before it. */
  private copying = 0;

  /**
   * @param every Steps from one to the next; null goes by the clock.
   * @param now Milliseconds since any moment.
   * @param spend Called with the seconds that a copy or a checkpoint has taken.
   */
  constructor(
    private readonly every: number | null,
    private readonly now: () => number = () => performance.now(),
    private readonly spend: (seconds: number) => void = () => {},
  ) {
    this.begin = now();
    this.last = this.begin;
  }

  /**
   * After so many steps of a part with so many in all.
   * @param bytes Of the state's arrays.
   */
  isDue(done: number, total: number, bytes = 0): boolean {
    if (this.every !== null) return done === total || done % this.every === 0;
    if (isSmall(bytes) && done >= total - 1) return true;
    const { begin, last, spent, cost } = this;
    const now = this.now();
    const isAffordable = spent + 2 * cost <= share * (now - begin);
    return isAffordable && now - last >= Math.max(1000 * seconds, cost / share);
  }

  /** Whether the state is to be copied after a step at which no checkpoint is due, so that an interruption costs no step. */
  isCopied(bytes: number): boolean {
    return isSmall(bytes);
  }

  /** Whether a finished run keeps its last checkpoint alone. */
  endsAlone(bytes: number): boolean {
    return this.every === null && !isSmall(bytes);
  }

  /** Copies the state, and takes the time that it takes. */
  copy<State>(state: () => State): State {
    const before = this.now();
    const copied = state();
    this.copying = this.now() - before;
    this.count(this.copying);
    return copied;
  }

  /** Writes a checkpoint, and takes the time that it takes. */
  write(checkpoint: () => void): void {
    const before = this.now();
    checkpoint();
    this.last = this.now();
    const writing = this.last - before;
    this.count(writing);
    this.cost = this.copying + writing;
  }

  private count(milliseconds: number): void {
    this.spent += milliseconds;
    this.spend(milliseconds / 1000);
  }
}

const isSmall = (bytes: number): boolean => bytes <= smallBytes;
