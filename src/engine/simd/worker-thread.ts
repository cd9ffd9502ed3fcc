import { Worker } from 'node:worker_threads';
import { MetaplastError } from '../../core/errors';
import { besideOrBuilt, type Machine } from './machine';
import type { Answer, Job, WorkerStart } from './simd-worker';

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A thread that works off the jobs of one session, one after the other, in the memory of this process. */
export class WorkerThread {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];

  constructor({ memory, choice }: Machine) {
    const workerData: WorkerStart = { memory: memory.memory, blas: choice };
    this.worker = new Worker(besideOrBuilt('simd-worker.js'), { workerData });
    this.worker.unref(); // an idle thread keeps no process alive
    this.worker.on('message', ({ answer, failed }: { answer?: Answer; failed?: string }) => {
      const next = this.waiting.shift();
      if (this.waiting.length === 0) this.worker.unref();
      if (failed === undefined) next?.resolve(answer!);
      else next?.reject(new MetaplastError({ what: `A thread of the simd engine has failed: ${failed}` }));
    });
    this.worker.on('error', (error) => {
      for (const { reject } of this.waiting.splice(0)) reject(error);
    });
  }

  ask(job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.ref();
      this.worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
