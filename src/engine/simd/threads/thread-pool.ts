import { mostWorkers } from '../../worker-limit';
import type { SharedMemory } from '../machine/shared-memory';
import { PoolThread } from './pool-thread';

/**
 * The threads of this process. They go from hand to hand and end with the process: to start one takes longer than small work, and each
 * that loads koffi leaves three megabytes of address space behind when it ends (docs/decisions/0022-threads.md).
 */
export class ThreadPool {
  /** How many each works for. */
  private readonly users = new Map<PoolThread, number>();
  private readonly alone = new Set<PoolThread>();

  /** @param most beyond that many, threads work for several */
  constructor(
    private readonly memory: SharedMemory,
    private readonly most = mostWorkers,
  ) {
    process.on('exit', () => {
      for (const thread of this.users.keys()) thread.waitForLoads();
    });
  }

  /** How many threads there are. */
  get size(): number {
    return this.users.size;
  }

  /** A thread to order jobs to: an idle one or a new one; where there are many already, one that works for others as well. */
  take(): PoolThread {
    const thread = this.idle() ?? (this.users.size < this.most ? null : this.leastUsed()) ?? this.start();
    this.users.set(thread, this.users.get(thread)! + 1);
    return thread;
  }

  /** A thread that works for nobody else; null where there are too many already. */
  takeAlone(): PoolThread | null {
    const thread = this.idle() ?? (this.users.size < this.most ? this.start() : null);
    if (thread === null) return null;
    this.users.set(thread, 1);
    this.alone.add(thread);
    return thread;
  }

  giveBack(thread: PoolThread): void {
    this.alone.delete(thread);
    const users = this.users.get(thread);
    if (users !== undefined) this.users.set(thread, users - 1);
  }

  private idle(): PoolThread | null {
    for (const [thread, users] of this.users) if (users === 0) return thread;
    return null;
  }

  private leastUsed(): PoolThread | null {
    const shared = [...this.users].filter(([thread]) => !this.alone.has(thread));
    return shared.sort(([, a], [, b]) => a - b)[0]?.[0] ?? null;
  }

  private start(): PoolThread {
    const thread = new PoolThread(this.memory.memory);
    this.users.set(thread, 0);
    thread.onFailure(() => {
      this.users.delete(thread);
      this.alone.delete(thread);
    });
    return thread;
  }
}

const pools = new WeakMap<SharedMemory, ThreadPool>();

/** The pool of the threads that work in a memory. */
export function threadPool(memory: SharedMemory): ThreadPool {
  let pool = pools.get(memory);
  if (pool === undefined) {
    pool = new ThreadPool(memory);
    pools.set(memory, pool);
  }
  return pool;
}
