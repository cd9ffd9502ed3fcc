/** What an error tells: what failed, the value got, what is legal, and what to do about it. */
export interface ErrorReport {
  /** What failed, as a sentence without its full stop. */
  readonly what: string;
  /** The value that was given, as it should be printed. */
  readonly got?: unknown;
  /** The legal values or the legal range. */
  readonly legal?: string;
  /** What the reader can do next. */
  readonly advice?: string;
}

function print(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined || value === null) {
    return String(value);
  }
  const text = asJson(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** JSON, with what JSON has no number for as text. An error must never fail to be made for what it prints. */
function asJson(value: unknown): string | undefined {
  const spelled = (_key: string, part: unknown): unknown =>
    typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part)) ? String(part) : part;
  try {
    return JSON.stringify(value, spelled);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Joins the four parts of a report into one message of one to four sentences. */
function compose(report: ErrorReport): string {
  const parts = [`${report.what}.`];
  if ('got' in report) parts.push(`Got ${print(report.got)}.`);
  if (report.legal !== undefined) parts.push(`Legal: ${report.legal}.`);
  if (report.advice !== undefined)
    parts.push(endsByItself.test(report.advice) ? report.advice : `${report.advice}.`);
  return parts.join(' ');
}

/** Advice that needs no full stop: it has one, or ends with a command on a line of its own, to be copied. */
const endsByItself = /[.?!]$|\n {2}.+$/;

/** The root of every error that metaplast throws on purpose. `exitCode` is what the command line exits with. */
export class MetaplastError extends Error {
  readonly exitCode: number = 1;
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(compose(report));
    this.name = new.target.name;
    this.report = report;
  }
}

/** The user's input was wrong: a value out of range, an unknown name, a file that is missing or malformed. */
export class InputError extends MetaplastError {
  override readonly exitCode = 2;
}

/** A function is no rule kernel at all: it cannot be parsed, or it returns nothing. */
export class KernelError extends InputError {}

/** One place where a rule reads something that is not its own synapse's. */
export interface Violation {
  /** The offending expression, as written. */
  readonly expression: string;
  /** Its line in the given source, counted from 1. */
  readonly line: number;
  /** Why it is refused, and what is legal instead. */
  readonly why: string;
  /** `locality`: it reads, or may read, more than its own synapse's. `dialect`: it does not, but engines do not take it. */
  readonly breaks: 'locality' | 'dialect';
}

/** A rule was refused at its definition because its source text is not local, or local but outside the kernel dialect. */
export class LocalityError extends InputError {
  constructor(
    rule: string,
    readonly violations: readonly Violation[],
  ) {
    const isForeign = violations.some(({ breaks }) => breaks === 'locality');
    super({
      what: `Rule "${rule}" is ${isForeign ? 'not local' : 'local, but outside the kernel dialect'}: ${violations
        .map((v) => `line ${v.line}: \`${v.expression}\` ${v.why}`)
        .join('; ')}`,
      legal: "a rule reads its own synapse's quantities at [this.thread.x], scalars, and Math functions",
    });
  }
}

/** Where in the course of learning something happened. */
export interface Moment {
  readonly task: string;
  /** `free` or `nudged`. */
  readonly phase: string;
  readonly beta: number;
  /** Step within the phase, counted from 0. */
  readonly step: number;
}

/** The fast variables left every bound: the phase has no equilibrium that this optimiser reaches. */
export class DivergenceError extends MetaplastError {
  constructor(
    readonly moment: Moment,
    readonly residual: number,
    advice: string,
  ) {
    super({
      what:
        `Learning diverged in task "${moment.task}", ${moment.phase} phase (beta = ${moment.beta}), ` +
        `at step ${moment.step}: the gradient's norm is ${residual}`,
      advice,
    });
  }
}

/** Neurons that relax for each sample do not come to rest: the step that they move by is too long, or the nudge too strong. */
export class UnstableNeuronsError extends MetaplastError {
  constructor(
    report: ErrorReport,
    /** Where in the course of learning it was found; null where nothing was being learned. */
    readonly moment: Moment | null = null,
  ) {
    super(report);
  }
}

/** No exact meta-gradient exists where the free phase ended. */
export class NoExactGradientError extends MetaplastError {}

/** What to do about a penalty whose derivative is infinite where phi may come to. */
export const roundOff = 'Round the penalty off, such as sqrt(x^2 + 1e-4) in place of abs(x)';

/** The free phase ended where a second derivative of the penalty is infinite, or none. */
export class KinkError extends NoExactGradientError {
  /** Which derivative it is, and of which synapse. */
  readonly where: string;

  constructor(by: string, value: number, place: string) {
    const where = `the penalty's derivative by ${by} is ${value} at ${place}`;
    super({
      what: `The exact meta-gradient is not defined: ${where}`,
      advice: `${roundOff}, or start elsewhere`,
    });
    this.where = where;
  }
}

/** The free phase ended where the inner loss has no strict minimum, so no exact meta-gradient exists there. */
export class NoMinimumError extends NoExactGradientError {
  constructor(
    readonly smallestEigenvalue: number,
    readonly largestEigenvalue: number,
    readonly negativeEigenvalues: number,
  ) {
    const kind = negativeEigenvalues > 0 ? 'indefinite' : 'singular';
    super({
      what:
        `The free phase has no strict minimum: the inner loss's Hessian is ${kind} there (smallest eigenvalue ` +
        `${smallestEigenvalue.toExponential(3)}, largest ${largestEigenvalue.toExponential(3)}, ` +
        `${negativeEigenvalues} negative)`,
      advice: 'Raise lambda, or give the free phase more steps',
    });
  }
}

/** A checkpoint is truncated, altered, or was written by another version. */
export class CheckpointError extends MetaplastError {
  override readonly exitCode = 2;
}

/** What was asked of something that has been closed, which does nothing any more. */
export class ClosedError extends MetaplastError {
  /**
   * @param who such as `The simulation`
   * @param asked the method that was called
   */
  constructor(who: string, asked: string) {
    super({
      what: `${who} is closed, so ${asked}() is refused`,
      advice: 'Make another one, or close this one later',
    });
  }
}

/** What was going on was interrupted: by a signal, with its checkpoint written where it is a run, or by `close`. */
export class Interruption extends MetaplastError {
  override readonly exitCode = 130;
}
