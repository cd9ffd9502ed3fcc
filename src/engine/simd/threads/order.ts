import type { BlasChoice } from '../machine/blas-choice';
import type { Definition, Job } from './job';
import type { TeamSetting } from './team';

/** What the main thread posts to a thread of the pool, which does it in the order of posting. */
export type Order =
  /** Makes a runner of jobs, under a number. */
  | { readonly kind: 'begin'; readonly runner: number; readonly blas: BlasChoice }
  /** The runner shares out the parts of large batches from now on. */
  | { readonly kind: 'lead'; readonly runner: number; readonly team: TeamSetting }
  /** Answered, in the order of jobs. */
  | { readonly kind: 'job'; readonly runner: number; readonly job: Job }
  | { readonly kind: 'end'; readonly runner: number }
  /** Does its share of a team's work, and nothing else until the team ends. */
  | {
      readonly kind: 'follow';
      readonly team: TeamSetting;
      /** Its number in the team; 0 is the leader. */
      readonly member: number;
      readonly blas: BlasChoice;
    }
  /** For a thread that follows. */
  | { readonly kind: 'define'; readonly definitions: readonly Definition[] };
