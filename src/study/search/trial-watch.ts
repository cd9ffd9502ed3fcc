import os from 'node:os';
import { InputError } from '../../core/errors';
import { Claims } from '../claims/claims';
import type { Journal, JournalEvent } from '../journal';
import { claimsFolder, journalOf, openStudy, trialFolder } from '../study-directory';
import type { TrialEnd, TrialOrder } from '../trial/trial-message';
import type { Course } from './course/course';
import { CourseReader } from './course/course-reader';
import { rungAt } from './decisions/rungs';
import { type DecisionEntry, entryOf, SearchOutcomes } from './search-outcomes';
import type { SearchPlan } from './search-plan';

/** Reports a trial of a search at each rung that it comes to, while it runs, and ends it where it is not to go on. */
export class TrialWatch {
  private readonly controller = new AbortController();
  private readonly journal: Journal;
  private readonly outcomes: SearchOutcomes;
  /** Made at the first step: before it, a run that is gone on with has cut its records back to its checkpoint. */
  private reader: CourseReader | null = null;
  private decision: DecisionEntry | null = null;
  private refusal: InputError | null = null;
  /** Aborted where the trial is not to go on. */
  readonly signal: AbortSignal = this.controller.signal;

  private constructor(
    private readonly order: TrialOrder,
    private readonly search: SearchPlan,
  ) {
    const own = order.trial.trial;
    this.journal = journalOf(order.study);
    this.outcomes = new SearchOutcomes(openStudy(order.study).plan.trials, search, (trial) => trial === own);
    this.outcomes.add(this.journal.news());
  }

  /** null for a trial of a study that is no search. */
  static of(order: TrialOrder): TrialWatch | null {
    return order.plan.search === undefined ? null : new TrialWatch(order, order.plan.search);
  }

  /** How the trial ends without another step: it had reported before its process died, and stops there. */
  before(): TrialEnd | null {
    const verdict = this.outcomes.stopsAt(this.order.trial.trial);
    return verdict === null ? null : { kind: 'stopped', decision: entryOf(verdict) };
  }

  readonly afterStep = (): void => {
    const { metric, better, grace } = this.search;
    this.reader ??= new CourseReader(this.folder, metric, better);
    const course = this.reader.read();
    if (course.last === null) {
      if ((course.metaStep ?? 0) > grace) this.refuse(course);
      return;
    }
    this.refuse(course);
    const { trial } = this.order.trial;
    const { metaStep, value } = course.last;
    const rung = rungAt(metaStep, this.search);
    if (this.signal.aborted || rung === null || rung <= (this.outcomes.rungOf(trial) ?? 0)) return;
    const { best, mean } = course;
    // What is not there after it was written, another machine's line has replaced: NFS knows no end of a file that all agree on.
    while (this.outcomes.arrival(trial, rung) === null) {
      this.note('reported', { rung, metaStep, value, best, mean });
      this.outcomes.add(this.journal.news());
    }
    const verdict = this.outcomes.arrival(trial, rung)!;
    if (verdict.goesOn) return;
    this.decision = entryOf(verdict);
    this.controller.abort();
  };

  /** How the trial has ended, in view of what was decided about it. */
  after(end: TrialEnd): TrialEnd {
    if (this.refusal === null && end.kind === 'ended') {
      const { metric, better } = this.search;
      this.refuse(new CourseReader(this.folder, metric, better).read(), true);
    }
    if (this.refusal !== null) return { kind: 'refused', error: this.refusal.message };
    if (this.decision === null || end.kind !== 'interrupted') return end;
    return { kind: 'stopped', decision: this.decision };
  }

  /** Ends a trial whose metric is not there. */
  private refuse(course: Course, isOver = false): void {
    try {
      course.check(isOver);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.refusal = error;
      this.controller.abort();
    }
  }

  private note(event: JournalEvent, about: DecisionEntry): void {
    const { study, attempt } = this.order;
    const { trial } = this.order.trial;
    const worker = new Claims(claimsFolder(study), '').read(trial, attempt).record?.worker ?? '';
    const [host, pid, time] = [os.hostname(), process.pid, new Date().toISOString()];
    this.journal.append({ event, trial, attempt, worker, host, pid, time, ...about });
  }

  private get folder(): string {
    return trialFolder(this.order.study, this.order.trial.trial);
  }
}
