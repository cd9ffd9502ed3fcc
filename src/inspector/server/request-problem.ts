import { MetaplastError } from '../../core/errors';
import type { Problem } from '../protocol/live';

/** HTTP statuses of what can go wrong. */
type ProblemStatus = 400 | 403 | 404 | 405 | 413 | 414 | 500 | 503;

/** Why a request cannot be met. */
export class RequestProblem extends Error {
  constructor(
    readonly status: ProblemStatus,
    readonly problem: Problem,
  ) {
    super(problem.what);
  }
}

/** A part of a request that is not legal. */
export function badRequest(what: string, got: unknown, legal: string): RequestProblem {
  const text = String(got);
  return new RequestProblem(400, { what, got: text.length > 200 ? `${text.slice(0, 197)}...` : text, legal });
}

export function notFound(problem: Problem): RequestProblem {
  return new RequestProblem(404, problem);
}

/**
 * The answer to a request that failed by this error; null where it is a fault of the server's own, of which nobody but its owner reads more.
 * @param shown What a text shows of paths: nothing of where the served folder lies.
 */
export function problemOf(error: unknown, shown: (text: string) => string): RequestProblem | null {
  if (error instanceof RequestProblem) return error;
  if (!(error instanceof MetaplastError)) return null;
  const { what, got, legal, advice } = error.report;
  const text = (part: string | undefined) => (part === undefined ? undefined : shown(part));
  return new RequestProblem(400, {
    what: shown(what),
    ...(got === undefined ? {} : { got: shown(String(got)) }),
    ...(legal === undefined ? {} : { legal: text(legal) }),
    ...(advice === undefined ? {} : { advice: text(advice) }),
  });
}
