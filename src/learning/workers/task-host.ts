import type { Quantities } from '../../synapse/rule-executor';
import type { Answer, Job, LearnerDescription, Likeness } from './message';

/** A learner whose tasks others are to learn. */
export interface HostedLearner {
  readonly description: LearnerDescription;
  /** What those who do its jobs must have made, to be compared. */
  readonly likeness: Likeness;
  /** Values of each slow variable. */
  readonly lengths: Readonly<Record<string, number>>;
  /** Weights, that phi at the start of a task has one value of each. */
  readonly weights: number;
  /** Shows people a line. */
  readonly say: (line: string) => void;
}

/** Who learns whole tasks for a learner: threads of this process, or processes elsewhere. To be had from `queueHost`. */
export interface TaskHost {
  /** How many tasks it may learn at the same time, in words: `2 workers`. */
  readonly inWords: string;
  /**
   * Has them make the learner.
   * @throws MetaplastError where another learner would be made there; what making it throws.
   * @hidden
   */
  connect(learner: HostedLearner): Promise<TaskLink>;
}

/** What a whole round of jobs has in common. */
export interface RoundValues {
  readonly slow: Quantities;
  /** phi at the start of a task. */
  readonly start: Float64Array;
}

/** How tasks are put together into jobs, and how many jobs are under way. No number depends on it. */
export interface JobSizes {
  /** Those who do jobs, now. */
  readonly workers: number;
  /** A job of several tasks takes no more than so many milliseconds, so that what a job costs beside them is little, and its end is not waited for. */
  readonly longest: number;
  /** Jobs under way at the same time, at the most, where a task takes so many milliseconds. */
  underWay(milliseconds: number): number;
}

/** The way of one learner's jobs to those who do them. One round at a time. */
export interface TaskLink {
  readonly sizes: JobSizes;
  /** Gives the jobs that follow their slow variables. */
  begin(round: RoundValues): Promise<void>;
  /** @throws what the job throws; Interruption where it was interrupted; MetaplastError where who did it is gone. */
  ask(job: Job): Promise<Answer>;
  /** Has all that is under way end soon, as interrupted. */
  interrupt(): void;
  /** Nothing is under way any more. */
  end(): Promise<void>;
  /** Gives back what is held for the learner. */
  close(): Promise<void>;
}
