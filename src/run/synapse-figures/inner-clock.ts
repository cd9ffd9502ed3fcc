/** When a row was recorded; `step` counts from the beginning of its phase. */
export interface Moment {
  readonly task: number;
  readonly phase: number;
  readonly beta: number;
  readonly step: number;
}

/** One phase of one task, as a trace has it. */
export interface Stretch {
  readonly task: number;
  readonly phase: number;
  readonly beta: number;
  /** Inner steps before it. */
  readonly begin: number;
  /** Inner steps up to its last row. */
  end: number;
}

/** Counts inner steps over the phases and tasks of a trace of steps, whose rows count them anew in each phase. */
export class InnerClock {
  /** The phase that the last row was in. */
  stretch: Stretch | null = null;

  /**
   * Moves to a row, and says whether a new phase has begun with it.
   */
  move({ task, phase, beta, step }: Moment): boolean {
    const last = this.stretch;
    // The same phase again, from its start: the same task was learned a second time.
    if (last?.task === task && last.phase === phase && last.begin + step > last.end) {
      last.end = last.begin + step;
      return false;
    }
    const begin = last?.end ?? 0;
    this.stretch = { task, phase, beta, begin, end: begin + step };
    return true;
  }

  /** Inner steps up to the last row. */
  get time(): number {
    return this.stretch?.end ?? 0;
  }
}
