import type { ErrorReport } from './errors';
import * as errors from './errors';

/** An error as plain data, as it goes from thread to thread. */
export interface ErrorData {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** What it has beside, such as the report and the moment of metaplast's own. */
  readonly own: Readonly<Record<string, unknown>>;
}

/** Whatever was thrown. */
export function errorData(thrown: unknown): ErrorData {
  if (!(thrown instanceof Error) && typeof (thrown as Error)?.message !== 'string') {
    return { type: 'Error', message: String(thrown), stack: undefined, own: {} };
  }
  const { name, message, stack, ...own } = Object.assign({}, thrown) as Partial<Error>;
  const error = thrown as Error;
  return { type: error.name, message: error.message, stack: error.stack, own: cloneable(own) };
}

/** The error of the data: of the class that it had, where that is one of metaplast's or of JavaScript's. */
export function errorOf({ type, message, stack, own }: ErrorData): Error {
  const known = { ...errors, TypeError, RangeError, ReferenceError, SyntaxError } as unknown as Record<
    string,
    { readonly prototype: Error } | undefined
  >;
  const error: Error = Object.create((Object.hasOwn(known, type) ? known[type]! : Error).prototype);
  const plain = { value: undefined as unknown, writable: true, configurable: true, enumerable: false };
  Object.defineProperties(error, {
    message: { ...plain, value: message },
    stack: { ...plain, value: stack },
    name: { ...plain, value: type, enumerable: 'report' in own },
  });
  return Object.assign(error, own);
}

/** The same, without what no message can carry: that is in the text already. */
function cloneable(own: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) => {
      if (name === 'report') return [[name, cloneableReport(value as ErrorReport)]];
      return isCloneable(value) ? [[name, value]] : [];
    }),
  );
}

function cloneableReport(report: ErrorReport): ErrorReport {
  return isCloneable(report) ? report : { ...report, got: String(report.got) };
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
