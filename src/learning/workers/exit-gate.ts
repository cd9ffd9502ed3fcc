import { waitForLoads } from '../../core/wait-for-loads';

/** Places of an exit gate: how many threads load something, and whether the process is ending. */
const [loading, ending] = [0, 1];

/**
 * A thread that Node.js ends while it loads a native library aborts the process (docs/decisions/0022-threads.md). So loading goes through this gate: the
 * end of the process waits for those who are inside, and nobody enters any more.
 */
export type ExitGate = Int32Array;

export function newExitGate(): ExitGate {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** In a thread: what `load` gives; nothing ever, where the process ends. */
export async function loadThrough<Result>(gate: ExitGate, load: () => Promise<Result>): Promise<Result> {
  Atomics.add(gate, loading, 1);
  try {
    if (Atomics.load(gate, ending) === 0) return await load();
  } finally {
    Atomics.sub(gate, loading, 1);
    Atomics.notify(gate, loading);
  }
  return new Promise(() => {});
}

/** In the main thread, at its end: holds it until nobody is inside. */
export function closeGate(gate: ExitGate): void {
  Atomics.store(gate, ending, 1);
  waitForLoads(gate, loading);
}
