/**
 * What a run is doing, as its files and its lock say.
 *
 * - `running`: a living process of this machine works on it; `elsewhere`: one of another machine or container does
 * - `dead`: it says that it runs, and nobody does: killed, or the machine went down; `resume` goes on with it
 * - `stopped`: interrupted, with a checkpoint
 * - `broken`: its files do not say what it is; `problem` says what is wrong with them
 */
export type RunState = 'running' | 'elsewhere' | 'dead' | 'stopped' | 'finished' | 'broken';

/** What a setting or a result can be in a table. */
export type Cell = number | string | boolean | null;

/** One run, as a row of the table. */
export interface RunRow {
  /** Its path from the served folder on, with `/` between folders on every system. */
  readonly id: string;
  readonly state: RunState;
  /** What is wrong with its files; null where nothing is. */
  readonly problem: string | null;
  readonly scenario: string | null;
  readonly preset: string | null;
  readonly seed: number | null;
  /** The study that it is a trial of; null for a run by itself. */
  readonly study: string | null;
  /** What makes the run again. */
  readonly command: string | null;
  /** When its files changed last, in milliseconds since 1970. */
  readonly changed: number;
  /** All settings that a run can be identified by, by their paths: `free.rate`, `engine`. */
  readonly settings: Readonly<Record<string, Cell>>;
  /** What it came to, by the paths of `summary.json`: `heldOut.after`; of a run that goes on, of the last line of its metrics. */
  readonly results: Readonly<Record<string, Cell>>;
}

/** One study: runs of one plan. */
export interface StudyRow {
  readonly id: string;
  readonly kind: 'sweep' | 'search';
  readonly scenario: string | null;
  readonly problem: string | null;
  readonly command: string | null;
  readonly trials: number;
  /** How many of them stand how: `ended`, `failed`, `running`, `open`, ... */
  readonly standing: Readonly<Record<string, number>>;
}

/** `GET /api/runs`. */
export interface RunList {
  /** The served folder, as the user named it. */
  readonly folder: string;
  /** What `GET /api/live?since=` goes on from. */
  readonly revision: string;
  readonly runs: readonly RunRow[];
  readonly studies: readonly StudyRow[];
}

/** `GET /api/run?id=`. */
export interface RunDetails {
  readonly row: RunRow;
  readonly environment: Readonly<Record<string, Cell>>;
  /** The content of `summary.json`; null where there is none yet. */
  readonly summary: unknown;
  /** `report.txt`; null where there is none yet. */
  readonly report: string | null;
  readonly figures: readonly FigureInfo[];
  readonly traces: readonly TraceInfo[];
  /** Traces of how neurons settle, which the command line shows. */
  readonly settling: readonly SettlingInfo[];
  /** Numbers of `metrics.ndjson`, by their paths. */
  readonly metrics: readonly string[];
  readonly trust: readonly TrustInfo[];
  /** Files that are not as the run wrote them, each in a sentence. */
  readonly damages: readonly string[];
}

/** A figure in `plots/`: `GET /api/figure?id=&name=&as=svg` (or png, csv, json). */
export interface FigureInfo {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
}

/** Which synapses of one parameter of one layer a trace holds. */
export interface BlockInfo {
  readonly layer: number;
  /** `weight`, `bias`, `gain`, `threshold`, ... */
  readonly parameter: string;
  /** [to], [to, from] or [to, from, kernel axes...]; where only some are recorded and nothing says how large it is, what holds them. */
  readonly shape: readonly number[];
  /** What each axis counts: `to`, `from`, `depth`, `row`, `column`. */
  readonly axes: readonly string[];
  readonly ends: 'channel' | 'unit';
  /** Index of its first synapse in the network's flat order; null where it is not known. */
  readonly first: number | null;
  /** Which cells (row-major places in the shape) are which columns of the trace: [first cell, how many, step from cell to cell, first column]. */
  readonly cells: readonly (readonly [cell: number, count: number, step: number, column: number])[];
}

/** What a trace holds. */
export interface TraceInfo {
  readonly name: string;
  /** Whose synapses it holds: those of traces of one source are the same ones. Null where nothing says so. */
  readonly source: string | null;
  /** Grows while the run goes on. */
  readonly rows: number;
  readonly variables: readonly string[];
  /** Those of `variables` that say what the rule saw, by their roles; absent where the trace has none. */
  readonly hasAccount: boolean;
  readonly at: 'step' | 'phase-end' | 'meta-update';
  readonly every: number;
  /** How many synapses: columns of the trace. */
  readonly synapses: number;
  readonly blocks: readonly BlockInfo[];
}

/** A trace of the states of neurons as they settle, sweep by sweep. */
export interface SettlingInfo {
  readonly name: string;
  /** Which neurons, as LAYER:UNIT: `0:0-9, 2:0`. */
  readonly neurons: string;
  /** How many samples they are shown in. */
  readonly samples: number;
  /** Sweeps from one row to the next. */
  readonly every: number;
}

/** The evidence of one verdict on whether meta-gradients can be trusted. */
export interface TrustInfo {
  /** The method that it is of; null where the run has one. */
  readonly label: string | null;
  readonly verdict: string;
  readonly because: string;
  readonly advice: string | null;
  /** The nudging strength that the run takes, and the order q of its estimator's bias, O(beta^q); null for runs of before these were kept. */
  readonly beta: number | null;
  readonly order: number | null;
  /** Relative errors at that beta: bias as beta^q, settling and rounding as 1/beta; null where the verdict gives none. */
  readonly error: Readonly<Record<'bias' | 'settling' | 'rounding', number | null>> | null;
  /** Of neurons that settle, where credit comes from them: as errors, that of their surrogate loss and that of neurons which have not settled. */
  readonly neurons: {
    readonly kind: string;
    readonly nudge: number | null;
    readonly sweeps: number | null;
    readonly surrogate: number | null;
    readonly neural: number | null;
  } | null;
  /** The relative error that verdicts tolerate. */
  readonly tolerated: number;
  /** Exact checks: relative errors against the exact gradient, where the run has made them. */
  readonly exact: readonly { readonly metaStep: number; readonly relativeError: number }[];
}
