/** How often each thing is measured beside a peer; what is told is the median. */
export const trials = 9;

/** Milliseconds: a BLAS library's idle threads spin after their last product (PyTorch's OpenBLAS for 126 ms), and would take our second core. */
export const afterwards = 200;

/**
 * How often what has no peer is measured, a few milliseconds each time. What is told is the fastest, as STREAM does: on a busy
 * machine a median tells of the others.
 */
export const shortTrials = 40;

/** The least of some trials. */
export function fastest(trial: () => number): number {
  return Math.min(...Array.from({ length: shortTrials }, trial));
}
