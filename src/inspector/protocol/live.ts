import type { RunRow, RunState, StudyRow } from './runs';

/** `GET /api/live?id=&id=`, server-sent events: `runs` for all, `run` for those asked for by `id`. */
export interface RunsEvent {
  /** New, or not as they were. */
  readonly changed: readonly RunRow[];
  readonly studies: readonly StudyRow[];
  /** Ids of runs that are no longer there. */
  readonly gone: readonly string[];
}

/** How far a run has come. */
export interface RunEvent {
  readonly id: string;
  readonly state: RunState;
  /** Rows of each trace. */
  readonly traces: Readonly<Record<string, number>>;
  /** Lines of `metrics.ndjson`. */
  readonly metrics: number;
}

/** The answer to any request that cannot be met, with its status: 400, 403, 404, ... */
export interface Problem {
  readonly what: string;
  readonly got?: string;
  readonly legal?: string;
  readonly advice?: string;
}
