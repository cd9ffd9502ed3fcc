/** How long the end of the process is held up for a thread that loads a native library, in milliseconds: far longer than any load takes. */
const longestLoad = 10_000;

/**
 * Holds this thread until the number at a place in shared memory, of those who load, is 0. A native library that is being loaded when Node.js ends its thread
 * aborts the process: see docs/decisions/0022-threads.md.
 */
export function waitForLoads(counts: Int32Array, place: number): void {
  const end = performance.now() + longestLoad;
  for (;;) {
    const loading = Atomics.load(counts, place);
    const left = end - performance.now();
    if (loading === 0 || left <= 0) return;
    Atomics.wait(counts, place, loading, left);
  }
}
