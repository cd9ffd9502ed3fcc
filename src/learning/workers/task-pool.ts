import type { Piscina } from 'piscina';
import { compiledFile } from '../../core/compiled-file';
import { errorOf } from '../../core/error-data';
import { MetaplastError } from '../../core/errors';
import { closeGate, type ExitGate, newExitGate } from './exit-gate';
import type { Answer, Message } from './message';
import type { WorkerStart } from './task-worker';

/** Messages that each worker has at the most: while it does one, the other waits beside it. */
export const jobsAhead = 2;

let gate: ExitGate | null = null;
const pools = new Map<number, Promise<TaskPool>>();

/** The pool of so many workers. It ends with the process, for threads are never ended: see docs/decisions/0022-threads.md. */
export function taskPool(workers: number): Promise<TaskPool> {
  let pool = pools.get(workers);
  if (pool === undefined) {
    pool = TaskPool.start(workers);
    pools.set(workers, pool);
  }
  return pool;
}

/** Threads that take messages, each the next one when it is free. Idle, they keep no process alive. */
export class TaskPool {
  private constructor(private readonly pool: Piscina) {}

  static async start(workers: number): Promise<TaskPool> {
    // Loaded here, not above: most runs have one worker, which is the main thread.
    const { Piscina } = await import('piscina');
    if (gate === null) {
      const opened = newExitGate();
      gate = opened;
      process.on('exit', () => closeGate(opened));
    }
    const workerData: WorkerStart = { gate };
    const pool = new Piscina({
      filename: compiledFile('learning/workers/task-worker.js', 'Workers are not compiled'),
      name: 'work',
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: jobsAhead,
      idleTimeout: Infinity,
      recordTiming: false,
      workerData,
    });
    return new TaskPool(pool);
  }

  /** @throws what the job throws; MetaplastError where the thread ends. */
  async ask(message: Message): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await this.pool.run(message);
    } catch (error) {
      const { job } = message;
      const tasks =
        'episodes' in job ? ` with task ${job.episodes.map(({ index }) => index).join(' or ')}` : '';
      throw new MetaplastError({
        what: `The thread of a worker${tasks} has ended: ${(error as Error).message}`,
        advice: 'Take fewer --workers, which need less memory and fewer threads of the system',
      });
    }
    if ('failed' in answer) throw errorOf(answer.failed);
    return answer;
  }
}
