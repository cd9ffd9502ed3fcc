import { MetaplastError } from '../../../core/errors';
import { shellPath } from '../../../core/shell-word';
import { Journal, type JournalEntry, type JournalEvent } from '../../../study/journal';
import { outcomesOf } from '../../../study/outcomes-of';
import { checkPlan, type StudyPlan } from '../../../study/plan/study-plan';
import type { TrialOutcomes } from '../../../study/trial-outcomes';
import type { RunRow, StudyRow } from '../../protocol/runs';
import { FileProblem } from '../files/enclosure';
import { mostBytes, readJson, reasonOf } from './read-manifest';
import { fileOf, type Place } from './run-place';

const mostJournal = 256 * 1024 * 1024;

/** A study: its plan is read once, its journal as it grows. */
export class StudyReader {
  private plan: StudyPlan | null = null;
  private problem: string | null = null;
  private outcomes: TrialOutcomes | null = null;
  private journal: Journal | null = null;
  private planStamp = '';

  constructor(
    private readonly place: Place,
    private readonly given: string,
  ) {}

  /**
   * @param planStamp Of `study.json`.
   * @param runs Those of its trials that have begun.
   */
  read(planStamp: string, runs: readonly RunRow[]): StudyRow {
    if (planStamp !== this.planStamp) this.readPlan(planStamp);
    const problem = this.problem ?? this.readJournal();
    const { plan, place } = this;
    return {
      id: place.id,
      kind: plan?.search === undefined ? 'sweep' : 'search',
      scenario: plan?.scenario ?? null,
      problem,
      command: plan === null ? null : `metaplast work ${shellPath(this.given)}`,
      trials: plan?.trials.length ?? runs.length,
      standing: this.standing(runs),
    };
  }

  private readPlan(stamp: string): void {
    this.planStamp = stamp;
    [this.plan, this.problem, this.outcomes, this.journal] = [null, null, null, null];
    try {
      this.plan = checkPlan(readJson(this.place, 'study.json', null, mostBytes), 'study.json');
      this.outcomes = outcomesOf(this.plan);
    } catch (error) {
      if (error instanceof MetaplastError) this.problem = `study.json: ${error.message}`;
      else this.problem = `study.json ${reasonOf(error)}`;
    }
  }

  /** What is wrong with the journal; null where nothing is. */
  private readJournal(): string | null {
    if (this.outcomes === null) return null;
    const { enclosure } = this.place;
    try {
      enclosure.using(fileOf(this.place, 'journal.jsonl'), ({ stats }) => {
        if (stats.size > mostJournal)
          throw new FileProblem('journal.jsonl', `is larger than ${mostJournal} bytes`);
      });
      this.journal ??= new Journal(enclosure.real(fileOf(this.place, 'journal.jsonl')));
      this.outcomes.add(this.journal.news());
      return null;
    } catch (error) {
      if (error instanceof MetaplastError) return `journal.jsonl: ${error.report.what}`;
      const reason = reasonOf(error);
      return reason === 'is missing' ? null : `journal.jsonl ${reason}`; // Nobody has begun.
    }
  }

  private standing(runs: readonly RunRow[]): Record<string, number> {
    const counts: Record<string, number> = {};
    const count = (name: string, by = 1) => {
      counts[name] = (counts[name] ?? 0) + by;
    };
    const settled: ReadonlyMap<number, JournalEntry> = this.outcomes?.settled ?? new Map();
    const names = new Map(runs.map((run) => [Number(run.id.slice(run.id.lastIndexOf('/') + 1)), run]));
    for (const { trial } of this.plan?.trials ?? []) {
      const event: JournalEvent | undefined = settled.get(trial)?.event;
      const state = names.get(trial)?.state;
      if (event !== undefined) count(event);
      else if (state === undefined || state === 'stopped') count('open');
      else count(state === 'finished' ? 'ended' : state);
    }
    return counts;
  }
}
