import { errorOf } from '../../core/error-data';
import { MetaplastError } from '../../core/errors';
import { checkNotInterrupted } from '../../core/interruption';
import { describe } from '../../core/origin';
import { runInChunks } from '../../core/run-in-chunks';
import type { Engine } from '../../engine/engine';
import type { Network } from '../../network/network';
import type { Quantities } from '../../synapse/rule-executor';
import type { BadEpisode, Episode } from '../../tasks/task-stream';
import { troubleWith } from '../learn-episode';
import type { MetaBatch, Outcome } from '../meta-batch';
import type { MetaLearner } from '../meta-learner';
import { likenessOf } from './likeness';
import {
  type Answer,
  closed,
  interrupted,
  type Job,
  type LearnerDescription,
  type LearnerSetting,
  type Likeness,
  type TaskAnswer,
  type TasksAnswer,
} from './message';
import { MessageSize } from './message-size';
import { type TaskPool, taskPool } from './task-pool';

export interface RemoteTasksOptions {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly engine: Engine;
  /** Files of a user's own that workers load first. */
  readonly files: readonly string[];
  readonly workers: number;
  /** Everything that learns between tasks, of which only names and lengths are read here. */
  readonly slow: Quantities;
}

/** What a whole round of tasks has in common. */
export interface Round {
  readonly slow: Quantities;
  /** phi at the start of a task. */
  readonly start: Float64Array;
  readonly signal: AbortSignal;
}

let learners = 0;

/** Learners that nobody closed: workers give back what they hold for them. */
const forgotten = new FinalizationRegistry<Int32Array>((control) => Atomics.store(control, closed, 1));

/** A learner's tasks, each of which is a message to the worker that is free next. One round at a time. */
export class RemoteTasks {
  private round = 0;
  private readonly sizes: Readonly<Record<'learn' | 'judge', MessageSize>>;

  private constructor(
    private readonly pool: TaskPool,
    private readonly network: Network,
    private readonly workers: number,
    private readonly shared: Omit<LearnerSetting, 'round'>,
  ) {
    this.sizes = { learn: new MessageSize(workers), judge: new MessageSize(workers) };
    forgotten.register(this, shared.control, this);
  }

  /**
   * Has all workers make the learner.
   * @throws InputError where it cannot be described; what making it throws; MetaplastError where a worker makes another one.
   */
  static async open(options: RemoteTasksOptions): Promise<RemoteTasks> {
    const { network, learner, engine, files, workers, slow } = options;
    const description: LearnerDescription = {
      files,
      network: describe(network, 'network'),
      learner: describe(learner, 'learner'),
      engine: describe(engine, 'engine'),
    };
    const shared = {
      id: learners++,
      description: JSON.stringify(description),
      control: new Int32Array(new SharedArrayBuffer(8)),
      slow: Object.fromEntries(Object.entries(slow).map(([name, { length }]) => [name, sharedArray(length)])),
      start: sharedArray(network.size),
    };
    const tasks = new RemoteTasks(await taskPool(workers), network, workers, shared);
    try {
      await tasks.checkLikeness(await likenessOf(network, learner, engine));
      return tasks;
    } catch (error) {
      await tasks.close();
      throw error;
    }
  }

  /** Has all workers make the learner. @throws MetaplastError where one has made another than there is here. */
  private async checkLikeness(here: Likeness): Promise<void> {
    for (const answer of await this.askAll({ kind: 'open' })) {
      const { opened } = answer as { opened: Likeness };
      const [got, legal] = [opened, here].map((likeness) => JSON.stringify(likeness));
      if (got !== legal) throw new MetaplastError({ what: 'A worker has made another learner', got, legal });
    }
  }

  /**
   * Learns episodes; gives what became of each, in their order.
   * @param wanted the slow variables whose gradient is wanted
   * @param heard whether anybody hears of their phases
   * @throws Interruption where the signal is aborted.
   */
  async learn(
    episodes: readonly (Episode | BadEpisode)[],
    round: Round,
    { wanted, heard }: Pick<Extract<Job, { kind: 'learn' }>, 'wanted' | 'heard'>,
  ): Promise<MetaBatch> {
    const troubles = episodes.map((episode) => troubleWith(episode, this.network));
    const good = episodes.filter((_, i) => troubles[i] === null) as Episode[];
    const learned = await this.during<TaskAnswer>('learn', round, good, (some) => ({
      ...{ kind: 'learn', episodes: some, wanted, heard },
    }));
    const work = { gradients: 0, hessianVectors: 0 };
    let next = 0;
    const outcomes = troubles.map((trouble): Outcome => {
      if (trouble !== null) return trouble;
      const { name } = good[next]!;
      const { result, problem, record, work: own } = learned[next++]!;
      work.gradients += own.gradients;
      work.hessianVectors += own.hessianVectors;
      return problem === undefined
        ? { result: result!, record }
        : { problem: errorOf(problem), name, record };
    });
    return { outcomes, work };
  }

  /** Held-out loss of each task after each number of inner steps, [tasks][steps]. @throws as `learn` */
  judge(
    tasks: readonly Episode[],
    steps: readonly number[],
    round: Round,
  ): Promise<readonly (readonly number[])[]> {
    return this.during('judge', round, tasks, (some) => ({ kind: 'judge', episodes: some, steps }));
  }

  /** Has workers give back what they hold for this learner: those that are free now at once, others before their next job. */
  async close(): Promise<void> {
    forgotten.unregister(this);
    Atomics.store(this.shared.control, closed, 1);
    await this.askAll({ kind: 'sweep' }).catch(() => {}); // a thread that has ended holds nothing
  }

  /** Shares episodes out, with these slow variables; and has them given up where the signal is aborted. */
  private async during<Each>(
    kind: 'learn' | 'judge',
    { slow, start, signal }: Round,
    episodes: readonly Episode[],
    jobOf: (episodes: readonly Episode[]) => Job,
  ): Promise<Each[]> {
    const { control } = this.shared;
    checkNotInterrupted(signal);
    for (const [name, values] of Object.entries(slow)) this.shared.slow[name]!.set(values);
    this.shared.start.set(start);
    this.round++;
    const interrupt = (): void => {
      Atomics.store(control, interrupted, 1);
    };
    signal.addEventListener('abort', interrupt);
    const size = this.sizes[kind];
    try {
      return await runInChunks(episodes, size.underWay, size.of, async (some) => {
        checkNotInterrupted(signal);
        const { each, milliseconds } = (await this.ask(jobOf(some))) as TasksAnswer<Each>;
        size.note(some.length, milliseconds);
        return each;
      });
    } finally {
      signal.removeEventListener('abort', interrupt);
      Atomics.store(control, interrupted, 0);
    }
  }

  private ask(job: Job): Promise<Answer> {
    return this.pool.ask({ setting: { ...this.shared, round: this.round }, job });
  }

  /** Once for each worker, as far as they are free. */
  private async askAll(job: Job): Promise<readonly Answer[]> {
    return Promise.all(Array.from({ length: this.workers }, () => this.ask(job)));
  }
}

const sharedArray = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * length));
