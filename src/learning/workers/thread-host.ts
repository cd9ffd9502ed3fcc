import { MetaplastError } from '../../core/errors';
import { type Answer, closed, interrupted, type Job, type LearnerSetting, type Likeness } from './message';
import type { HostedLearner, JobSizes, RoundValues, TaskHost, TaskLink } from './task-host';
import { jobsAhead, type TaskPool, taskPool } from './task-pool';

/** Threads of this process. */
export function threadHost(workers: number): TaskHost {
  return {
    inWords: `${workers} workers`,
    async connect(learner) {
      const link = new ThreadLink(await taskPool(workers), workers, learner);
      try {
        await link.checkLikeness(learner.likeness);
        return link;
      } catch (error) {
        await link.close();
        throw error;
      }
    },
  };
}

let learners = 0;

/** Learners that nobody closed: workers give back what they hold for them. */
const forgotten = new FinalizationRegistry<Int32Array>((control) => Atomics.store(control, closed, 1));

/** A task of so many milliseconds waits for none. */
const long = 20;

/** Messages with shared memory beside them. */
class ThreadLink implements TaskLink {
  readonly sizes: JobSizes;
  private round = 0;
  private readonly shared: Omit<LearnerSetting, 'round'>;

  constructor(
    private readonly pool: TaskPool,
    private readonly workers: number,
    { description, lengths, weights }: HostedLearner,
  ) {
    this.sizes = {
      workers,
      longest: 5,
      // One waits at each worker, unless a task takes so long that the way of a message is nothing beside it; then a worker that was held up keeps no task from another one.
      underWay: (milliseconds) => (milliseconds < long ? jobsAhead * workers : workers),
    };
    this.shared = {
      id: learners++,
      description: JSON.stringify(description),
      control: new Int32Array(new SharedArrayBuffer(8)),
      slow: Object.fromEntries(Object.entries(lengths).map(([name, length]) => [name, sharedArray(length)])),
      start: sharedArray(weights),
    };
    forgotten.register(this, this.shared.control, this);
  }

  /** Has all workers make the learner. @throws MetaplastError where one has made another than there is here. */
  async checkLikeness(here: Likeness): Promise<void> {
    for (const answer of await this.askAll({ kind: 'open' })) {
      const { opened } = answer as { opened: Likeness };
      const [got, legal] = [opened, here].map((likeness) => JSON.stringify(likeness));
      if (got !== legal) throw new MetaplastError({ what: 'A worker has made another learner', got, legal });
    }
  }

  async begin({ slow, start }: RoundValues): Promise<void> {
    for (const [name, values] of Object.entries(slow)) this.shared.slow[name]!.set(values);
    this.shared.start.set(start);
    this.round++;
  }

  ask(job: Job): Promise<Answer> {
    return this.pool.ask({ setting: { ...this.shared, round: this.round }, job });
  }

  interrupt(): void {
    Atomics.store(this.shared.control, interrupted, 1);
  }

  async end(): Promise<void> {
    Atomics.store(this.shared.control, interrupted, 0);
  }

  /** Those workers that are free now give it back at once, others before their next job. */
  async close(): Promise<void> {
    forgotten.unregister(this);
    Atomics.store(this.shared.control, closed, 1);
    await this.askAll({ kind: 'sweep' }).catch(() => {}); // a thread that has ended holds nothing
  }

  /** Once for each worker, as far as they are free. */
  private async askAll(job: Job): Promise<readonly Answer[]> {
    return Promise.all(Array.from({ length: this.workers }, () => this.ask(job)));
  }
}

/** Numbers that all threads see. */
export const sharedArray = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * length));
