/** One row of a trace: when it was recorded. */
export interface Moment {
  readonly row: number;
  readonly task: number;
  /** 0 is free, -1 is a meta-update. */
  readonly phase: number;
  readonly beta: number;
  /** Inner steps since the phase began. */
  readonly step: number;
  /** Norm of the augmented loss's gradient then; null where it was not recorded. */
  readonly residual: number | null;
}

/** `GET /api/moments?id=&trace=&from=&to=`: rows from `from` up to but not `to`, 4,096 at most. */
export interface Moments {
  readonly rows: number;
  readonly moments: readonly Moment[];
}

/** Rows of one phase of one task, one behind the other; where there are too many to send, of several. */
export interface Span {
  readonly firstRow: number;
  /** Not among them. */
  readonly endRow: number;
  readonly firstTask: number;
  readonly lastTask: number;
  /** 0 is free, -1 a meta-update; null where the span stands for phases of several kinds. */
  readonly phase: number | null;
  readonly beta: number | null;
  /** Steps at its last row. */
  readonly steps: number;
  /** The residual at its last row; the largest of those where it stands for several. */
  readonly residual: number | null;
}

/** `GET /api/timeline?id=&trace=&from=&to=&most=`: all rows from `from` up to but not `to`, in at most `most` spans. */
export interface Timeline {
  readonly rows: number;
  readonly spans: readonly Span[];
  /** Whether spans stand for several phases each. */
  readonly merged: boolean;
}

/** One variable of one synapse over rows. */
export interface Course {
  readonly variable: string;
  readonly column: number;
  /** One entry a point; where `every` is 1 both are the value itself. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** Indices of the points in which some value is not finite: their `low` and `high` are of the others, null where there are none. */
  readonly notFinite: readonly number[];
}

/**
 * `GET /api/course?id=&trace=&variables=phi,lambda&columns=3,4&from=&to=&most=`: at most `most` points, each the least and the
 * largest finite value of `every` rows; the first and the last point may be of fewer.
 */
export interface Courses {
  /** Of the whole trace. */
  readonly rows: number;
  /** The first row of each point. */
  readonly at: readonly number[];
  /** Of how many rows each point is. */
  readonly every: number;
  readonly courses: readonly Course[];
}

/**
 * `GET /api/frame?id=&trace=&variable=&row=` answers with the values of all columns at that row: float64, little-endian, as
 * `application/octet-stream`; the header `x-rows` says how many rows the trace has.
 */
export type Frame = Float64Array;

/** One line of an account: a formula, the same with the synapse's numbers in it, and what it comes to. */
export interface AccountLine {
  /** What is worked out here, in words: `contrast of lambda, task 3`. */
  readonly words: string;
  /** `gradient = 10 * (phi_beta - phi_0) * ((phi_beta + phi_0) / 2 - omega)` */
  readonly formula: string;
  /** The same with numbers. */
  readonly numbers: string;
  readonly value: number;
  /** What the run recorded for it; null where it recorded only what follows from it. */
  readonly recorded: number | null;
}

/** What the rule saw and did to one slow variable of one synapse at one meta-update. */
export interface VariableAccount {
  readonly variable: string;
  readonly lines: readonly AccountLine[];
  readonly before: number;
  readonly after: number;
  /** after - before, as recorded. */
  readonly change: number;
}

/** `GET /api/account?id=&trace=&row=&column=`: what the rule saw and did, at a meta-update of a trace with `hasAccount`. */
export interface Account {
  readonly moment: Moment;
  readonly column: number;
  /** The energy R whose derivatives are contrasted, in the variables of the synapse model. */
  readonly penalty: string;
  /** phi at the ends of the phases that were contrasted, by task: equilibria by beta. */
  readonly equilibria: readonly {
    readonly task: number;
    readonly phases: readonly { readonly beta: number; readonly value: number }[];
  }[];
  readonly variables: readonly VariableAccount[];
  /** What is missing for a whole account, each in a sentence. */
  readonly notes: readonly string[];
}

/** One metric of one run. */
export interface Curve {
  readonly id: string;
  readonly metric: string;
  /** What the points are counted by: `metaStep`, `tasks`, ... or `line` where the records have no counter. */
  readonly by: string;
  /** The record's method, where a run has several. */
  readonly group: string | null;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/**
 * Which points are left of a curve of too many: the least and the largest of every few; or every k-th and the last, where k is a power of two, so
 * that curves of the same steps keep the same steps, as means over them need.
 */
export type Thinning = 'extremes' | 'even';

/** `GET /api/curves?id=&id=&metric=&metric=&most=&thin=`. */
export interface Curves {
  readonly curves: readonly Curve[];
}
