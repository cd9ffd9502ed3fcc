import type { ErrorData } from '../../core/error-data';
import type { Work } from '../../engine/counted-session';
import type { Quantities } from '../../synapse/rule-executor';
import type { Episode } from '../../tasks/task-stream';
import type { Seen } from '../course-of-loss';
import type { EventRecord, Reads } from '../event-buffer';
import type { EpisodeResult } from '../meta-learner';

/** What a worker's learner is made from. */
export interface LearnerDescription {
  /** Files of a user's own that are loaded before anything is made. */
  readonly files: readonly string[];
  /** As `describe` describes them. */
  readonly network: unknown;
  readonly learner: unknown;
  readonly engine: unknown;
}

/** Places in the memory by which a learner and its workers talk, 32-bit numbers: whether they are to stop, and whether it is closed. */
export const [interrupted, closed] = [0, 1];

/** What a worker needs to know of a learner: with each message, since any worker may get it. */
export interface LearnerSetting {
  /** Among those of this process. */
  readonly id: number;
  /** A LearnerDescription as JSON. */
  readonly description: string;
  /** Memory that is shared. */
  readonly control: Int32Array;
  /** Everything that learns between tasks, by name, and phi at the start of a task; in memory that is shared, the same for a whole round. */
  readonly slow: Quantities;
  readonly start: Float64Array;
  /** Counts up with each change of these. */
  readonly round: number;
}

/** One job for a worker; small tasks come several at a time. */
export type Job =
  /** Makes the learner. */
  | { readonly kind: 'open' }
  | {
      readonly kind: 'learn';
      readonly episodes: readonly Episode[];
      /** The slow variables whose gradient is wanted. */
      readonly wanted: readonly string[];
      /** Of which synapses somebody looks at phi while the task's phases report. */
      readonly reads: Reads;
      /** The number of the task whose phi, as it leaves it, is shown afterwards. */
      readonly shown: number;
    }
  /** How well tasks are learned after each number of inner steps. */
  | { readonly kind: 'judge'; readonly episodes: readonly Episode[]; readonly steps: readonly number[] }
  /** Gives back what closed learners hold. */
  | { readonly kind: 'sweep' };

/** A message to a worker. */
export interface Message {
  readonly setting: LearnerSetting;
  readonly job: Job;
}

/** What a worker has made, to be compared with what there is in the main thread. */
export interface Likeness {
  readonly synapses: number;
  readonly weights: number;
  readonly method: string;
  /** What its numbers depend on. */
  readonly arithmetic: string;
}

/** What one task came to. */
export interface TaskAnswer {
  readonly result?: Pick<EpisodeResult, 'metaGradient' | 'heldOutLoss' | 'phases'>;
  /** Why there is no result. */
  readonly problem?: ErrorData;
  readonly record: EventRecord | null;
  readonly work: Work;
}

/** What became of each task of a message. */
export interface TasksAnswer<Each> {
  readonly each: readonly Each[];
  /** How long they took together. */
  readonly milliseconds: number;
}

/** What a worker answers. */
export type Answer =
  | { readonly opened: Likeness }
  | TasksAnswer<TaskAnswer>
  | TasksAnswer<readonly Seen[]>
  | { readonly swept: true }
  | { readonly failed: ErrorData };
