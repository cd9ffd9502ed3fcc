import type { SettlingEnd } from '../settling';
import type { Program } from './program';

/** A pass over the synapses: its module, what it is called with, and where it reads the numbers of a step in the shared memory. */
interface PassCall {
  readonly bytes: Uint8Array;
  readonly given: readonly number[];
  readonly numbers: Float64Array;
}

/** Something that the thread is to remember under a number. */
export type Definition =
  | { readonly id: number; readonly program: Program }
  | { readonly id: number; readonly pass: PassCall };

/** A stretch of the data's gradient, by the numbers under which programs were defined: its parts, and what joins them, if anything. */
export interface DataStage {
  readonly parts: readonly number[];
  readonly join: number | null;
}

export type Job = { readonly define: readonly Definition[] } & (
  | { readonly kind: 'run'; readonly program: number }
  | {
      readonly kind: 'settle';
      /** The data's gradient. */
      readonly data: readonly DataStage[];
      /** What each step that is taken does beside its rule, by the number of its program; null for nothing. */
      readonly averages: number | null;
      readonly pull: number;
      readonly step: number;
      readonly pulledStep: number;
      /** What each step reads, [steps][numbers], the rule as pull and rule; one row where all read the same. */
      readonly numbers: Float64Array;
      /** Where a sum of squares is left, in the shared memory. */
      readonly squares: Float64Array;
      readonly steps: number;
      readonly tolerance: number;
      readonly residual: number | null;
      readonly firstResidual: number | null;
      readonly residualAtEnd: boolean;
      readonly careful: boolean;
    }
);

/** What a job gives: how settling ended, where it was that. */
export type Answer = SettlingEnd | null;

/** Where the jobs of one session are worked off, one after the other, in the memory of this process. */
export interface JobQueue {
  /** A number for a definition, which nothing else that is defined here has. */
  newNumber(): number;
  ask(job: Job): Promise<Answer>;
  /** When its last job is done. */
  close(): Promise<void>;
}
