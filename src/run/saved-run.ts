import type { RandomStreams } from '../core/random';
import type { EnvironmentSince } from './directory/environment-history';

/** What the state of a checkpoint holds. */
export interface SavedRun {
  /** How far each part has come. */
  readonly parts: readonly { readonly done: number; readonly state: unknown }[];
  readonly random: ReturnType<RandomStreams['save']>;
  readonly traces: Readonly<Record<string, { readonly rows: number; readonly heard: number }>>;
  readonly warnings: readonly string[];
  /** False where it was written out of turn, since the run was stopped: the next one takes its place. */
  readonly inTurn: boolean;
  /** What the run's processes ran on. */
  readonly environments: readonly EnvironmentSince[];
}

/** Whether a checkpoint was written when it was due, not because the run was stopped. */
export function isInTurn(state: unknown): boolean {
  return (state as SavedRun).inTurn;
}

/** What each part of a run saved last, from the state of a checkpoint. */
export function savedParts(state: unknown): readonly unknown[] {
  return (state as SavedRun).parts.map((part) => part.state);
}
