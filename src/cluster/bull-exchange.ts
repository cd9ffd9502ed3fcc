import { setTimeout as wait } from 'node:timers/promises';
import type { QueueEventsListener } from 'bullmq';
import type { Closable, EndedJob, Exchange, JobQueue, WorkOptions } from './exchange';
import type { Patience } from './patience';

/** What BullMQ needs to talk to a server: options of its connections, and its backend, where that is not Redis. */
export interface Backend extends Pick<Exchange, 'shown' | 'store' | 'missesEvents' | 'clockSkew' | 'close'> {
  readonly patience: Patience;
  /** For BullMQ's classes: connection and namespace. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Their last argument: what makes their backend. Default: Redis. */
  readonly factory: readonly unknown[];
  /**
   * Removes what is left of a queue that holds no job any more.
   * @param keys its own in Redis, but for those of jobs
   */
  removeRest(queue: string, keys: readonly string[]): Promise<void>;
}

/** A job that fails for a reason of its worker's is tried as often, on any of them. */
const attempts = 3;
/** Workers may die with a job as often as they like: it is not the job's fault. */
const mostDeaths = 1e6;
/** Milliseconds: between attempts of a job, and until an answer is written again that a server which was away did not take. */
const [betweenAttempts, retryPause] = [250, 500];
/** Milliseconds. */
const longestClosing = 3000;
/** Events that are kept for those who were cut off: a few hundred bytes each. */
const eventsKept = 10_000;

/** Milliseconds by which an event comes late at the most, where it would else come by 10 seconds late at times. */
const lateEvents = 200;

type Bull = typeof import('bullmq');
/** What all of them have. */
interface Opened {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<unknown>;
}

type AnyQueue = InstanceType<Bull['Queue']>;

/** Queues by BullMQ, on whatever server it works with. */
export async function bullExchange(backend: Backend): Promise<Exchange> {
  const bull = await import('bullmq');
  const { patience, options, factory, shown, store, missesEvents } = backend;
  const opened = new Set<Opened>();
  const closing = (what: Opened, done?: () => Promise<void>): Closable => ({
    async close() {
      opened.delete(what);
      await close(what, done);
    },
  });
  /**
   * An instance of one of BullMQ's classes, on this server, that does not run yet. One whose first connection has failed remembers that for ever, so that each attempt makes another one;
   * later its connections come back by themselves, and need somebody to hear of that they went.
   */
  const make = <Made extends Opened>(
    kind: 'Queue' | 'QueueEvents' | 'Worker',
    name: string,
    ...given: readonly unknown[]
  ): Promise<Made> =>
    patience.keepTrying(async () => {
      const Class = bull[kind] as unknown as new (...all: readonly unknown[]) => Made;
      const made = new Class(name, ...given, ...factory);
      made.on('error', (error) => patience.heard(error));
      try {
        await made.waitUntilReady();
        opened.add(made);
        return made;
      } catch (error) {
        await made.close().catch(() => {});
        throw error;
      }
    });
  const run = (running: { run(): Promise<void> }): void => {
    running.run().catch((error) => patience.heard(error));
  };
  return {
    shown,
    store,
    missesEvents,
    clockSkew: () => backend.clockSkew(),
    async queue(name) {
      const defaultJobOptions = {
        removeOnComplete: true,
        removeOnFail: true,
        attempts,
        backoff: { type: 'fixed', delay: betweenAttempts },
      };
      const streams = { events: { maxLen: eventsKept } };
      return new BullQueue(
        await make<AnyQueue>('Queue', name, { ...options, defaultJobOptions, streams }),
        patience,
        closing,
      );
    },
    async removeQueue(name) {
      // What is opened to be removed writes nothing of its own.
      const queue = await make<AnyQueue>('Queue', name, { ...options, skipMetasUpdate: true });
      await patience.keepTrying(() => obliterate(queue));
      await backend.removeRest(name, Object.values(queue.keys));
      await closing(queue).close();
    },
    async watch(name, ended) {
      const events = await make<InstanceType<Bull['QueueEvents']>>('QueueEvents', name, {
        ...options,
        // From its beginning: who had heard of nothing yet would miss what happens while the server cannot be reached.
        lastEventId: '0',
        autorun: false,
        ...(missesEvents ? { blockingTimeout: lateEvents } : {}),
      });
      listen(events, ended);
      run(events);
      return closing(events);
    },
    async work(name, work, { atOnce, lock }: WorkOptions) {
      const lockDuration = lock * 1000;
      const underWay = new Set<Promise<string>>();
      const begin = (key: string, data: unknown): Promise<string> => {
        const working = work(key, data).finally(() => underWay.delete(working));
        underWay.add(working);
        return working;
      };
      const worker = await make<InstanceType<Bull['Worker']>>(
        'Worker',
        name,
        ({ id, data }: { id: string; data: unknown }) => begin(id, data),
        {
          ...options,
          autorun: false,
          concurrency: atOnce,
          lockDuration,
          stalledInterval: lockDuration / 2,
          maxStalledCount: mostDeaths,
          drainDelay: 1,
          runRetryDelay: retryPause,
        },
      );
      run(worker);
      const allDone = async (): Promise<void> => {
        while (underWay.size > 0) await Promise.allSettled(underWay);
      };
      return closing(worker, allDone);
    },
    async close() {
      // What an error has left open would keep the process alive.
      await Promise.all([...opened].map((what) => close(what)));
      await backend.close();
    },
  };
}

function listen(events: InstanceType<Bull['QueueEvents']>, ended: (job: EndedJob) => void): void {
  const on = <Name extends 'completed' | 'failed'>(name: Name, listener: QueueEventsListener[Name]) =>
    events.on(name, listener);
  on('completed', ({ jobId, returnvalue }) =>
    ended({ key: jobId, returned: returnvalue as unknown as string }),
  );
  on('failed', ({ jobId, failedReason }) => ended({ key: jobId, returned: null, failure: failedReason }));
}

/**
 * Closes one of BullMQ's; which does not end at times, when its blocking connection was just made or lost. Behind what it works at it is not waited for any longer than that.
 */
async function close(what: Opened, done: () => Promise<void> = async () => {}): Promise<void> {
  const closed = what.close().catch(() => {});
  const longEnough = done().then(() => wait(longestClosing, undefined, { ref: false }));
  await Promise.race([closed, longEnough]);
}

/** Of several that remove a queue at the same time, one finds that another is at it, or has done it. */
async function obliterate(queue: AnyQueue): Promise<void> {
  try {
    await queue.obliterate({ force: true });
  } catch (error) {
    if (!/non-paused queue/.test((error as Error).message)) throw error;
  }
}

class BullQueue implements JobQueue {
  constructor(
    private readonly queue: AnyQueue,
    private readonly patience: Patience,
    private readonly closing: (queue: AnyQueue) => Closable,
  ) {}

  async add(key: string, data: object): Promise<void> {
    await this.patience.keepTrying(() => this.queue.add('tasks', data, { jobId: key }));
  }

  async has(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const jobs = await this.patience.keepTrying(() => Promise.all(keys.map((key) => this.queue.getJob(key))));
    return new Set(keys.filter((_, i) => jobs[i] !== undefined));
  }

  async drain(): Promise<void> {
    await this.patience.keepTrying(() => this.queue.drain(true));
  }

  async close(): Promise<void> {
    await this.closing(this.queue).close();
  }
}
