import type { Problem } from '../../protocol/live';

/** A request that was not met, with the server's words. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.what);
    this.name = 'ProblemError';
  }
}

/** What to say of anything that was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  // What fetch throws where nobody answers.
  if (thrown instanceof TypeError) {
    return {
      what: 'The server of this page does not answer.',
      advice: 'See whether `metaplast inspect` still runs, start it again, then try again.',
    };
  }
  return { what: thrown instanceof Error ? thrown.message : String(thrown) };
}
