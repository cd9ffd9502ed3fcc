import { Worker } from 'node:worker_threads';
import { MetaplastError } from '../../../core/errors';
import { besideOrBuilt, type Machine } from '../machine/machine';
import type { Answer, Job, JobQueue } from './job';
import type { HelperStart } from './simd-helper';
import type { WorkerStart } from './simd-worker';
import { newTeam } from './team';

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * A thread that works off jobs in their order, in the memory of this process. Several sessions may have a desk there, so that the
 * jobs of one wait while what the others gave is looked at. It ends with the last of them.
 */
export class WorkerThread {
  private readonly worker: Worker;
  private readonly helpers: readonly Worker[];
  private readonly waiting: Waiting[] = [];
  private desks = 0;
  private numbers = 0;
  private ended = false;

  /** @param helpers threads that work off the parts of large batches beside it */
  constructor({ memory, choice }: Machine, helpers: number) {
    const start: WorkerStart = { memory: memory.memory, blas: choice };
    const team = helpers === 0 ? undefined : newTeam(helpers + 1);
    this.worker = this.start('threads/simd-worker.js', { ...start, team });
    this.helpers = Array.from({ length: helpers }, (_, i) =>
      this.start('threads/simd-helper.js', { ...start, team: team!, member: i + 1 }),
    );
    this.worker.on('message', ({ answer, failed }: { answer?: Answer; failed?: string }) => {
      const next = this.waiting.shift();
      if (this.waiting.length === 0) this.worker.unref();
      if (failed === undefined) next?.resolve(answer!);
      else next?.reject(new MetaplastError({ what: `A thread of the simd engine has failed: ${failed}` }));
    });
  }

  /** A session's place in this thread. */
  desk(): JobQueue {
    this.desks++;
    let last: Promise<unknown> = Promise.resolve();
    let left = false;
    return {
      newNumber: () => this.numbers++,
      ask: (job) => {
        if (left) return Promise.reject(threadEnded());
        const answer = this.ask(job);
        last = answer.catch(() => {});
        return answer;
      },
      close: async () => {
        if (left) return;
        left = true;
        this.desks--;
        if (this.desks === 0) await this.close();
        else await last; // the thread goes on, and must not write to what the session gives back
      },
    };
  }

  /** @throws MetaplastError where the thread fails, or has ended. */
  private ask(job: Job): Promise<Answer> {
    if (this.ended) return Promise.reject(threadEnded());
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.ref();
      if (job.define.length > 0) for (const helper of this.helpers) helper.postMessage(job.define);
      this.worker.postMessage(job);
    });
  }

  private async close(): Promise<void> {
    this.ended = true;
    for (const { reject } of this.waiting.splice(0)) reject(threadEnded());
    for (const thread of [this.worker, ...this.helpers]) await thread.terminate();
  }

  private start(file: string, workerData: WorkerStart | HelperStart): Worker {
    const worker = new Worker(besideOrBuilt(file), { workerData });
    worker.unref(); // an idle thread keeps no process alive
    worker.on('error', (error) => {
      for (const { reject } of this.waiting.splice(0)) reject(error);
      // The others may wait for it for ever.
      void this.close();
    });
    return worker;
  }
}

function threadEnded(): MetaplastError {
  return new MetaplastError({
    what: 'A thread of the simd engine has ended with its session',
    advice: 'Open another session',
  });
}
