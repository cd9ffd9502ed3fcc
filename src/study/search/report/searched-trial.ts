import type { JournalEntry } from '../../journal';
import type { Trial } from '../../plan/study-plan';
import { type Study, trialFolder } from '../../study-directory';
import type { Course } from '../course/course';
import { CourseReader } from '../course/course-reader';

/** What a trial of a search has come to. */
export interface SearchedTrial extends Trial {
  /** null: it has not begun, or not ended. */
  readonly outcome: 'ended' | 'stopped' | 'failed' | null;
  /** The last value of the metric, and its meta-step; null where there is none, or it is no finite number. */
  readonly value: number | null;
  readonly metaStep: number | null;
  /** Meta-steps that it has taken. */
  readonly taken: number;
  /** Where it was stopped. */
  readonly rung: number | null;
  /** All that it has recorded of the metric. */
  readonly course: Course;
}

/** Every trial of a search, with what its records hold. */
export function searchedTrials(
  { directory, plan }: Study,
  settled: ReadonlyMap<number, JournalEntry>,
): SearchedTrial[] {
  const { metric, better } = plan.search!;
  return plan.trials.map((trial) => {
    const entry = settled.get(trial.trial);
    const course = new CourseReader(trialFolder(directory, trial.trial), metric, better).read();
    return {
      ...trial,
      outcome: (entry?.event as SearchedTrial['outcome']) ?? null,
      value: course.last?.value ?? null,
      metaStep: course.last?.metaStep ?? null,
      taken: course.metaStep ?? 0,
      rung: entry?.event === 'stopped' ? (entry.rung ?? null) : null,
      course,
    };
  });
}
