import type { RunRow, RunState, StudyRow } from './runs';

/**
 * `GET /api/live?id=&id=&since=`, server-sent events: `runs` for all, `run` for those asked for by `id`. `since` is the `revision` of a list, or the id of
 * the last event, which a browser that connects again sends by itself; without it the first event has everything.
 */
export interface RunsEvent {
  /** `changed` and `studies` hold everything: what is not among them is not there. So it is where the server does not know what was seen before. */
  readonly all: boolean;
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
