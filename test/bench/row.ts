/** One line of the table of speed. */
export interface Row {
  readonly work: string;
  readonly shapes: string;
  readonly ours: string;
  /** What a peer takes, or what the machine could do. */
  readonly peer: string;
  /** How many times better than the peer, or the fraction of what is possible; null where no peer was asked. */
  readonly ratio: number | null;
  readonly goal: number;
  /** Other peers, for which there are no goals. */
  readonly further?: readonly Beside[];
  /** How far the gradients of the peers are from ours at the same numbers, the farthest, as a part of its norm. */
  readonly gradientsApart?: number;
  /** How far a whole task's meta-gradient is from ours at the end: rounding grows over hundreds of steps. */
  readonly endsApart?: number;
  /** Bytes of the shared memory that ours takes: state, activations and batches. */
  readonly bytes?: number;
}

/** A peer beside ours. */
export interface Beside {
  readonly peer: string;
  readonly time: string;
  readonly ratio: number;
}

/** What keeps the goals from being met: rows below theirs, and rows that nothing was measured beside. */
export interface Verdict {
  readonly missed: readonly string[];
  readonly notJudged: readonly string[];
}

export function judge(rows: readonly Row[]): Verdict {
  const names = (of: readonly Row[]) => of.map(({ work, shapes }) => `${work}, ${shapes}`);
  return {
    missed: names(rows.filter(({ ratio, goal }) => ratio !== null && !(ratio >= goal))),
    notJudged: names(rows.filter(({ ratio }) => ratio === null)),
  };
}

/** What `--assert` exits with: 1 where a goal is missed, or could not be judged, since nobody knows then that it is met. */
export function exitCodeOf({ missed, notJudged }: Verdict): 0 | 1 {
  return missed.length + notJudged.length === 0 ? 0 : 1;
}
