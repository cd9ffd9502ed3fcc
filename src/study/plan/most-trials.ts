/** Trials that a study may have: its plan, which lists each, then has some ten megabytes. */
export const mostTrials = 100_000;
