import type { StudyPlan, Trial } from '../plan/study-plan';
import type { DecisionEntry } from '../search/search-outcomes';

/** What a trial's process is sent. */
export interface TrialOrder {
  /** The study's folder. */
  readonly study: string;
  /** All of the plan but its list of trials. */
  readonly plan: Omit<StudyPlan, 'trials'>;
  readonly trial: Trial;
  readonly attempt: number;
  /** Threads that learn. */
  readonly workers: number;
}

/** How the process of a trial came to its end. */
export type TrialEnd =
  | { readonly kind: 'ended'; readonly note?: string }
  /** Made again, it would fail again. */
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'crashed'; readonly error: string }
  | { readonly kind: 'interrupted'; readonly note?: string }
  /** Its search does not go on with it, for what was decided. */
  | { readonly kind: 'stopped'; readonly decision: DecisionEntry }
  /** What its search asks for is in no trial. */
  | { readonly kind: 'refused'; readonly error: string }
  /** Another worker has taken the trial over. */
  | { readonly kind: 'lost' };

/** The exit status of a process that found its trial taken over. */
export const lostStatus = 75;
