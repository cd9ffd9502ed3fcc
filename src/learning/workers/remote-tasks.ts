import { errorOf } from '../../core/error-data';
import { checkNotInterrupted } from '../../core/interruption';
import { describe } from '../../core/origin';
import { runInChunks } from '../../core/run-in-chunks';
import type { Engine } from '../../engine/engine';
import type { Network } from '../../network/network';
import type { Quantities } from '../../synapse/rule-executor';
import type { BadEpisode, Episode } from '../../tasks/task-stream';
import type { Seen } from '../course-of-loss';
import { troubleWith } from '../learn-episode';
import type { MetaBatch, Outcome } from '../meta-batch';
import type { MetaLearner } from '../meta-learner';
import { likenessOf } from './likeness';
import type { Job, LearnerDescription, TaskAnswer, TasksAnswer } from './message';
import { MessageSize } from './message-size';
import type { RoundValues, TaskHost, TaskLink } from './task-host';

export interface RemoteTasksOptions {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly engine: Engine;
  /** Files of a user's own that workers load first. */
  readonly files: readonly string[];
  readonly host: TaskHost;
  /** Everything that learns between tasks, of which only names and lengths are read here. */
  readonly slow: Quantities;
  /** Shows people a line. */
  readonly say: (line: string) => void;
}

/** What a whole round of tasks has in common. */
export interface Round extends RoundValues {
  readonly signal: AbortSignal;
}

/** A learner's tasks, each of which is a message to the worker that is free next. One round at a time. */
export class RemoteTasks {
  private readonly sizes: Readonly<Record<'learn' | 'judge', MessageSize>>;

  private constructor(
    private readonly network: Network,
    private readonly link: TaskLink,
  ) {
    this.sizes = { learn: new MessageSize(link.sizes), judge: new MessageSize(link.sizes) };
  }

  /**
   * Has those make the learner who are to learn its tasks.
   * @throws InputError where it cannot be described; what making it throws; MetaplastError where a worker makes another one.
   */
  static async open(options: RemoteTasksOptions): Promise<RemoteTasks> {
    const { network, learner, engine, files, host, slow, say } = options;
    const description: LearnerDescription = {
      files,
      network: describe(network, 'network'),
      learner: describe(learner, 'learner'),
      engine: describe(engine, 'engine'),
    };
    const lengths = Object.fromEntries(Object.entries(slow).map(([name, { length }]) => [name, length]));
    const likeness = await likenessOf(network, learner, engine);
    const link = await host.connect({ description, likeness, lengths, weights: network.size, say });
    return new RemoteTasks(network, link);
  }

  /**
   * Learns episodes; gives what became of each, in their order.
   * @param wanted the slow variables whose gradient is wanted
   * @param reads of which synapses somebody looks at phi while their phases report
   * @throws Interruption where the signal is aborted.
   */
  async learn(
    episodes: readonly (Episode | BadEpisode)[],
    round: Round,
    { wanted, reads }: Pick<Extract<Job, { kind: 'learn' }>, 'wanted' | 'reads'>,
  ): Promise<MetaBatch> {
    const troubles = episodes.map((episode) => troubleWith(episode, this.network));
    const good = episodes.filter((_, i) => troubles[i] === null) as Episode[];
    const shown = good.at(-1)?.index ?? -1;
    const learned = await this.during<TaskAnswer>('learn', round, good, (some) => ({
      ...{ kind: 'learn', episodes: some, wanted, reads, shown },
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

  /** How well each task is learned after each number of inner steps, [tasks][steps]. @throws as `learn` */
  judge(
    tasks: readonly Episode[],
    steps: readonly number[],
    round: Round,
  ): Promise<readonly (readonly Seen[])[]> {
    return this.during('judge', round, tasks, (some) => ({ kind: 'judge', episodes: some, steps }));
  }

  /** Has workers give back what they hold for this learner. */
  close(): Promise<void> {
    return this.link.close();
  }

  /** Shares episodes out, with these slow variables; and has them given up where the signal is aborted. */
  private async during<Each>(
    kind: 'learn' | 'judge',
    { signal, ...values }: Round,
    episodes: readonly Episode[],
    jobOf: (episodes: readonly Episode[]) => Job,
  ): Promise<Each[]> {
    const { link } = this;
    checkNotInterrupted(signal);
    const interrupt = (): void => link.interrupt();
    signal.addEventListener('abort', interrupt);
    const size = this.sizes[kind];
    try {
      await link.begin(values);
      return await runInChunks(episodes, size.underWay, size.of, async (some) => {
        checkNotInterrupted(signal);
        const { each, milliseconds } = (await link.ask(jobOf(some))) as TasksAnswer<Each>;
        size.note(some.length, milliseconds);
        return each;
      });
    } finally {
      signal.removeEventListener('abort', interrupt);
      await link.end();
    }
  }
}
