import { Worker } from 'node:worker_threads';
import { MetaplastError } from '../../../core/errors';
import { waitForLoads } from '../../../core/wait-for-loads';
import { engineFile } from '../machine/engine-file';
import type { Answer } from './job';
import type { Order } from './order';
import type { WorkerStart } from './simd-worker';

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A thread that does what it is ordered, one thing after the other, in the memory of this process. It keeps no process alive while idle. */
export class PoolThread {
  private readonly worker: Worker;
  private readonly loads = new Int32Array(new SharedArrayBuffer(4));
  private readonly waiting: Waiting[] = [];
  private readonly mourners = new Set<(error: Error) => void>();
  private failed: MetaplastError | null = null;

  constructor(memory: WebAssembly.Memory) {
    const workerData: WorkerStart = { memory, loads: this.loads };
    this.worker = new Worker(engineFile('threads/simd-worker.js'), { workerData });
    this.worker.on('message', ({ answer, failed }: { answer?: Answer; failed?: string }) => {
      const next = this.waiting.shift();
      if (this.waiting.length === 0) this.worker.unref();
      if (failed === undefined) next?.resolve(answer!);
      else next?.reject(new MetaplastError({ what: `A thread of the simd engine has failed: ${failed}` }));
    });
    this.worker.on('error', (error) => this.fail(error.message));
    this.worker.on('exit', () => this.fail('it has ended'));
    this.worker.unref(); // behind the listener to messages, which refers the port anew
  }

  /** Why it does nothing any more; null while it does. */
  get failure(): MetaplastError | null {
    return this.failed;
  }

  /** Hears once that the thread has failed. Gives what takes the listener away. */
  onFailure(listener: (error: Error) => void): () => void {
    this.mourners.add(listener);
    return () => this.mourners.delete(listener);
  }

  post(order: Order): void {
    if (order.kind === 'begin' || order.kind === 'follow') Atomics.add(this.loads, 0, 1);
    this.worker.postMessage(order);
  }

  /** @throws MetaplastError where the job or the thread fails. */
  ask(order: Extract<Order, { kind: 'job' }>): Promise<Answer> {
    if (this.failed !== null) return Promise.reject(this.failed);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.ref();
      this.post(order);
    });
  }

  /** Holds this thread until the other has loaded all that it was ordered to. */
  waitForLoads(): void {
    waitForLoads(this.loads, 0);
  }

  private fail(why: string): void {
    if (this.failed !== null) return;
    this.failed = new MetaplastError({
      what: `A thread of the simd engine has failed: ${why}`,
      advice: 'Take fewer --workers, which need less memory and fewer threads of the system',
    });
    Atomics.store(this.loads, 0, 0);
    for (const { reject } of this.waiting.splice(0)) reject(this.failed);
    for (const mourn of [...this.mourners]) mourn(this.failed);
  }
}
