import { copyState } from '../core/copy-state';
import { checkNotInterrupted } from '../core/interruption';
import { RandomStreams } from '../core/random';
import { validate } from '../core/validate';
import { type Work, workOf, workSince } from '../engine/counted-session';
import { creditedNetwork } from '../engine/credited-engine';
import type { Engine, Session } from '../engine/engine';
import type { Network } from '../network/network';
import { initialRunningStatistics, runningLayout, runningStatistics } from '../network/running-statistics';
import type { Quantities, RuleExecutor } from '../synapse/rule-executor';
import { makeTask, type Task } from '../tasks/task';
import { checkTaskFits } from './check-task-fits';
import type { ContrastTerm } from './estimators';
import type { SimulationEvent } from './events';
import { copiesOf, type FirstValues, LearnedVariables } from './learned-variables';
import { Learner, type LearnerState } from './learner';
import { checkGradients, type EpisodeResult, type MetaLearner } from './meta-learner';
import type { MetaSettings } from './meta-update';
import { type NeuralCourse, neuralCourse } from './neural-course';
import { singleTaskLearnerSchema, singleTaskStateSchema } from './option-schemas';

/** What a SingleTaskLearner is made of. */
export interface SingleTaskLearnerOptions {
  readonly network: Network;
  /** The task, by the number of its learning: the same samples each time, in minibatches of another order where it has some. */
  readonly task: (learning: number) => Task;
  /** How it is learned, and where the meta-gradient comes from: the contrastive rule, or a method to compare it with. */
  readonly learner: MetaLearner;
  readonly meta: MetaSettings;
  readonly engine: Engine | string;
  readonly rules: RuleExecutor | string;
  /** First values; phi is drawn from the stream `init` where it is left out. */
  readonly initial?: FirstValues;
  /** Root seed of what is drawn. Default 0. */
  readonly seed?: number;
  /**
   * Whether results are to have the running statistics of batch norm at the end of the free phase, to evaluate by. Each learning begins with means of 0
   * and variances of 1. Default: not.
   */
  readonly statistics?: boolean;
  /** Threads that learn at the same time: nudged phases, parts of large batches. Default 1. */
  readonly workers?: number;
  /** Nudged phases that can be learned at the same time. Default 1. */
  readonly atOnce?: number;
}

/** One learning of the task. */
export interface SingleTaskStep extends EpisodeResult {
  /** Gradients and Hessian-vector products that it took. */
  readonly work: Work;
}

/**
 * Learns one task again and again, phi from the same stored first values each time, by any method: what `Simulation` is for the contrastive rule
 * alone. After each learning the slow variables move by the method's meta-gradient.
 */
export class SingleTaskLearner extends Learner<LearnerState> {
  private readonly options: SingleTaskLearnerOptions;
  /** What is reported of the neurons of the network; undefined where nothing is. */
  readonly neural: NeuralCourse | undefined;

  /** @throws InputError where an option is missing, unknown or not legal, or the method gives no gradient for what is to learn. */
  constructor(options: SingleTaskLearnerOptions) {
    validate(singleTaskLearnerSchema, options, 'the options of SingleTaskLearner');
    const { learner, meta, engine, rules, workers, seed = 0, initial = {}, atOnce = 1 } = options;
    const network = creditedNetwork(options.network, engine);
    const { sweepStride } = learner;
    const neural = sweepStride === undefined ? undefined : neuralCourse(network, sweepStride);
    const learned = new LearnedVariables(network, new RandomStreams(seed).stream('init'));
    learned.set(initial);
    super({ who: 'The learner', network, learned, meta, engine, rules, workers, atOnce });
    this.options = { ...options, network };
    this.neural = neural;
    checkGradients(learner, network, this.metaUpdate.learned);
  }

  /** Inner steps that one step event stands for. */
  get stride(): number {
    return this.options.learner.stride ?? 1;
  }

  /**
   * Learns the task, and moves the slow variables.
   * @throws DivergenceError where learning leaves every bound; InputError where a task does not fit the network; Interruption where the signal is
   * aborted, or `close` is called. In all cases the slow variables are as they were before. ClosedError after `close`.
   */
  metaStep(signal?: AbortSignal): Promise<SingleTaskStep> {
    return this.turns.take('metaStep', (own) => this.learn(own, true), signal);
  }

  /** Learns the task, and leaves the slow variables as they are. @throws as `metaStep` */
  estimate(signal?: AbortSignal): Promise<SingleTaskStep> {
    return this.turns.take('estimate', (own) => this.learn(own, false), signal);
  }

  /** A session of the engine for questions of your own; close it when done. @throws ClosedError after `close`. */
  async open(): Promise<Session> {
    this.turns.checkOpen('open');
    return this.resources.session();
  }

  override save(): LearnerState {
    const { metaSteps } = this;
    return copyState({
      metaSteps,
      variables: this.learned.slow,
      start: this.start,
      meta: this.metaUpdate.save(),
    });
  }

  protected override get terms(): readonly ContrastTerm[] | null {
    return this.options.learner.terms ?? null;
  }

  protected override check(state: LearnerState): void {
    validate(singleTaskStateSchema, state, 'the saved state');
    this.learned.check(state.variables, Object.keys(this.learned.slow));
    super.check(state);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.options.learner.close?.();
  }

  private async learn(signal: AbortSignal, updates: boolean): Promise<SingleTaskStep> {
    const { network, learner, statistics = false } = this.options;
    const { population, metaSteps: index } = this;
    checkNotInterrupted(signal);
    const task = makeTask(this.options.task(index));
    checkTaskFits(network, task);
    population.hold();
    try {
      const rules = await this.resources.executor();
      const sessions = await this.resources.sessions();
      const slow = copiesOf(this.learned.slow);
      for (const { session } of sessions)
        for (const [name, values] of Object.entries(slow)) await session.write(name, values);
      const { session } = sessions[0]!;
      if (statistics)
        await session.write(runningStatistics, initialRunningStatistics(runningLayout(network)));
      const work = workOf(sessions);
      const result = await learner.learn({
        ...{ network, session, population, slow, statistics, listener: this.listener, signal },
        start: this.start.slice(),
        episode: { ...task, index },
        beside: sessions.slice(1),
      });
      if (updates) this.update(slow, result.metaGradient, rules, task.name);
      return { ...result, work: workSince(work, sessions) };
    } finally {
      population.release();
    }
  }

  /** Passes on what phases report; that the slow variables have moved is reported once they have. */
  private readonly listener = {
    next: (event: SimulationEvent): void => {
      if (event.kind !== 'meta-update') this.emit(event);
    },
  };

  /** Takes a meta-step over, as a whole, so that whoever saves sees all of it or nothing. */
  private update(slow: Quantities, metaGradient: Quantities, rules: RuleExecutor, taskName: string): void {
    const task = this.metaSteps;
    const moves = this.move(slow, metaGradient, rules);
    this.metaSteps++;
    this.population.release();
    this.emit({ kind: 'meta-update', task, tasks: 1, taskName, metaGradient, moves });
  }
}
