import { copyState } from '../core/copy-state';
import { emitWarning } from '../core/emit-warning';
import { InputError, Interruption, UnstableNeuronsError } from '../core/errors';
import { RandomStreams } from '../core/random';
import { runConcurrently } from '../core/run-concurrently';
import { validate } from '../core/validate';
import type { CountedSession } from '../engine/counted-session';
import { creditedNetwork } from '../engine/credited-engine';
import type { Quantities, RuleExecutor } from '../synapse/rule-executor';
import { type BadEpisode, type Episode, isBad, type TaskStreamState } from '../tasks/task-stream';
import { courseSeen, type Seen } from './course-of-loss';
import type { ContrastTerm } from './estimators';
import { replayRecord } from './event-buffer';
import type { SimulationEvent } from './events';
import { copiesOf, LearnedVariables } from './learned-variables';
import { Learner, type LearnerState } from './learner';
import { drawEpisodes, learnMetaBatch, type MetaBatch, type Outcome } from './meta-batch';
import { checkGradients, type EpisodeResult } from './meta-learner';
import { type NeuralCourse, neuralCourse } from './neural-course';
import { streamLearnerStateSchema } from './option-schemas';
import { checkReleasable, releasePenalty } from './prepare-session';
import type { ShownSession } from './sessions';
import {
  checkEvaluation,
  checkStreamLearnerOptions,
  type StreamLearnerOptions,
} from './stream-learner-options';
import { meanMetaGradient, type StreamStep, streamStep } from './stream-step';
import { outsideTurns } from './turns';
import type { RemoteTasks, Round } from './workers/remote-tasks';
import type { RoundValues } from './workers/task-host';

/** Everything that a StreamLearner needs to go on as if it had never stopped. */
export interface StreamLearnerState extends LearnerState {
  skipped: number;
  stream: TaskStreamState;
}

/** Lets synapses live through a stream of tasks, and changes their slow variables after each meta-batch. */
export class StreamLearner extends Learner<StreamLearnerState> {
  private skippedSoFar = 0;
  /** What was before the meta-batch that is being learned; null where that has changed the slow variables, or there is none. */
  private before: Pick<StreamLearnerState, 'stream' | 'skipped'> | null = null;
  /** Workers that learn whole tasks; null where this thread does. */
  private remote: Promise<RemoteTasks | null> | null = null;
  private readonly options: StreamLearnerOptions;
  /** What is reported of the neurons of the network; undefined where nothing is. */
  readonly neural: NeuralCourse | undefined;

  /** @throws InputError where an option is missing, unknown or not legal, or the method gives no gradient for what is to learn. */
  constructor(options: StreamLearnerOptions) {
    checkStreamLearnerOptions(options);
    const { meta, learner, batch, engine, rules, workers = 1 } = options;
    const network = creditedNetwork(options.network, engine);
    const { sweepStride } = learner;
    const neural = sweepStride === undefined ? undefined : neuralCourse(network, sweepStride);
    const learned = new LearnedVariables(network, new RandomStreams(options.seed ?? 0).stream('init'));
    const { anchor, declared } = network.synapse;
    if (anchor !== null && declared[anchor]!.initial === null) learned.set({ [anchor]: learned.fast });
    learned.set(options.initial ?? {});
    // Sessions in threads are for the nudged phases of a single task; whole tasks have workers of their own.
    const threads = batch === 1 ? workers : 1;
    super({ who: 'The learner', network, learned, meta, engine, rules, workers: threads, atOnce: threads });
    this.options = { ...options, network };
    this.neural = neural;
    checkGradients(learner, network, this.metaUpdate.learned);
    if (!learner.regularised && network.size > 0) checkReleasable(learner.name, network.synapse);
  }

  /** Inner steps that one step event stands for. */
  get stride(): number {
    return this.options.learner.stride ?? 1;
  }

  /** Episodes skipped so far. */
  get skipped(): number {
    return this.skippedSoFar;
  }

  /**
   * One meta-batch of tasks and the meta-update; `null` where the stream has ended. The last batch may be short.
   * @throws InputError, DivergenceError or UnstableNeuronsError for an episode that cannot be learned from, where `strict`; UnstableNeuronsError where neurons settle
   * in no task; Interruption where the signal is
   * aborted, or `close` is called: then slow variables and stream are as before. ClosedError after `close`.
   */
  metaStep(signal?: AbortSignal): Promise<StreamStep | null> {
    return this.turns.take('metaStep', (own) => this.step(own), signal);
  }

  /**
   * Held-out loss of each task after each number of inner steps, [steps][tasks]; the slow variables stay as they are.
   * A task that diverges has a loss of Infinity from there on.
   * @param steps Ascending.
   * @throws InputError where a task does not fit the network, or the steps do not ascend; Interruption and ClosedError as `metaStep`.
   */
  evaluate(tasks: readonly Episode[], steps: readonly number[], signal?: AbortSignal): Promise<number[][]> {
    const { network, learner } = this.options;
    try {
      checkEvaluation(network, tasks, steps);
    } catch (error) {
      return Promise.reject(error);
    }
    const { answer } = learner;
    const judge = async (own: AbortSignal): Promise<number[][]> => {
      if (answer !== undefined) {
        const losses = await Promise.all(tasks.map(async (task) => (await answer(network, task)).loss));
        return steps.map(() => losses);
      }
      const round = { slow: copiesOf(this.learned.slow), start: this.startOfTask(), signal: own };
      const remote = await this.remoteFor(tasks);
      const byTask =
        remote === null ? await this.judgeHere(tasks, steps, round) : await remote.judge(tasks, steps, round);
      return steps.map((_, i) => byTask.map((seen) => seen[i]!.loss));
    };
    return this.turns.take('evaluate', judge, signal);
  }

  /**
   * How well tasks are learned from other slow variables than its own, [tasks][steps], by its host.
   * @returns null where there is no host, or it cannot take these tasks.
   * @throws Interruption and ClosedError as `metaStep`.
   * @hidden
   */
  judgeElsewhere(
    tasks: readonly Episode[],
    steps: readonly number[],
    values: RoundValues,
    signal?: AbortSignal,
  ): Promise<readonly (readonly Seen[])[] | null> {
    const judge = async (own: AbortSignal) => {
      const remote = this.options.host === undefined ? null : await this.remoteFor(tasks);
      return remote === null ? null : remote.judge(tasks, steps, { ...values, signal: own });
    };
    return this.turns.take('judgeElsewhere', judge, signal);
  }

  override save(): StreamLearnerState {
    const { stream, skipped } = this.before ?? {
      stream: this.options.stream.save(),
      skipped: this.skippedSoFar,
    };
    return copyState({
      metaSteps: this.metaSteps,
      skipped,
      variables: this.learned.slow,
      start: this.start,
      meta: this.metaUpdate.save(),
      stream,
    });
  }

  protected override get terms(): readonly ContrastTerm[] | null {
    return this.options.learner.terms ?? null;
  }

  protected override check(state: StreamLearnerState): void {
    validate(streamLearnerStateSchema, state, 'the saved state');
    this.learned.check(state.variables, Object.keys(this.learned.slow));
    this.options.stream.check(state.stream);
    super.check(state);
  }

  protected override goOnFrom(state: StreamLearnerState): void {
    super.goOnFrom(state);
    this.skippedSoFar = state.skipped;
    this.options.stream.restore(state.stream);
  }

  override async close(): Promise<void> {
    await super.close();
    await (await this.remote)?.close();
    await this.options.learner.close?.();
  }

  private async step(signal: AbortSignal): Promise<StreamStep | null> {
    const { stream, batch } = this.options;
    const { population } = this;
    population.hold();
    const before = { stream: stream.save(), skipped: this.skippedSoFar };
    this.before = before;
    try {
      const rules = await this.resources.executor();
      const round = { slow: copiesOf(this.learned.slow), start: this.startOfTask(), signal };
      const drawn = await drawEpisodes(stream, batch);
      if (drawn.length === 0) return null;
      const { outcomes, work } = await this.learn(drawn, round);
      const results = outcomes.flatMap((outcome) => this.judge(outcome));
      if (results.length === 0) this.refuseHopeless(outcomes);
      this.update(round.slow, results, drawn, rules);
      return streamStep(results, drawn.length, work, this.options.network.credit);
    } catch (error) {
      if (error instanceof Interruption) stream.restore(before.stream);
      throw error;
    } finally {
      this.before = null;
      population.release();
    }
  }

  /** Learns the episodes of a meta-batch, in workers or here. */
  private async learn(drawn: readonly (Episode | BadEpisode)[], round: Round): Promise<MetaBatch> {
    const { network, learner, batch } = this.options;
    const { population, listener } = this;
    const { reads } = this.events;
    const remote = await this.remoteFor(drawn);
    if (remote !== null) return remote.learn(drawn, round, { wanted: this.metaUpdate.learned, reads });
    const sessions = await this.prepare(round.slow);
    return learnMetaBatch(drawn, {
      network,
      learner,
      sessions,
      population,
      listener,
      reads,
      batch,
      ...round,
    });
  }

  private async judgeHere(
    tasks: readonly Episode[],
    steps: readonly number[],
    { slow, start, signal }: Round,
  ): Promise<Seen[][]> {
    const { learner, network } = this.options;
    const { adaptation } = learner;
    const sessions = await this.prepare(slow);
    for (const { session } of sessions) if (!learner.regularised) await releasePenalty(network, session);
    return runConcurrently(tasks, sessions, ({ train, heldOut }, { session }) =>
      courseSeen({ network, session, adaptation, train, heldOut, start, steps, signal }),
    );
  }

  /** The workers for these episodes; null where they are learned here. */
  private async remoteFor(episodes: readonly (Episode | BadEpisode)[]): Promise<RemoteTasks | null> {
    const { workers = 1, batch, host } = this.options;
    if (host === undefined && (workers === 1 || batch === 1)) return null;
    this.remote ??= this.openRemote();
    const remote = await this.remote;
    const own = episodes.find((episode) => !isBad(episode) && episode.minibatch !== undefined);
    if (remote === null || own === undefined) return remote;
    // A function of the task's own: no message carries it.
    this.remote = remote.close().then(() => null);
    const who = host?.inWords ?? `${workers} workers`;
    this.sayOfThread(who, `task ${own.index} chooses its minibatches by a function, which cannot be sent`);
    return this.remote;
  }

  private async openRemote(): Promise<RemoteTasks | null> {
    const { network, learner, files = [], workers = 1, host: elsewhere } = this.options;
    const { slow } = this.learned;
    const { RemoteTasks } = await import('./workers/remote-tasks');
    const engine = await this.resources.engine();
    const host = elsewhere ?? (await import('./workers/thread-host')).threadHost(workers);
    const say = (line: string): void => this.sayOfWorkers(line);
    try {
      return await RemoteTasks.open({ network, learner, engine, files, host, slow, say });
    } catch (error) {
      // Who asks for others than threads does so for want of time or memory here: where these fail, the run is not to take days in silence.
      if (elsewhere !== undefined && !(error instanceof InputError)) throw error;
      this.sayOfThread(host.inWords, (error as Error).message);
      return null;
    }
  }

  private sayOfThread(who: string, why: string): void {
    this.sayOfWorkers(`All tasks are learned in the main thread, and the ${who} have no use: ${why}`);
  }

  private sayOfWorkers(line: string): void {
    const { warn = emitWarning } = this.options;
    outsideTurns(() => warn(line, 'workers'));
  }

  /** Sessions to learn in, holding the slow variables. */
  private async prepare(slow: Quantities): Promise<readonly ShownSession<CountedSession>[]> {
    const sessions = await this.resources.sessions();
    for (const { session } of sessions) {
      for (const [name, values] of Object.entries(slow)) await session.write(name, values);
    }
    return sessions;
  }

  /** In the order of tasks: passes on what each has reported, and gives its result; or skips it. */
  private judge(outcome: Outcome): EpisodeResult[] {
    if (outcome.record) replayRecord(outcome.record, this.listener, this.population);
    if ('result' in outcome) return [outcome.result];
    this.skip(outcome.problem, outcome.name);
    return [];
  }

  /**
   * Neurons that have settled in no task so far, whole meta-batches of them, are the fault of a setting, and not of a task.
   * @throws UnstableNeuronsError
   */
  private refuseHopeless(outcomes: readonly Outcome[]): void {
    const { batch } = this.options;
    if (this.skippedSoFar < (this.metaSteps + 1) * batch) return;
    for (const outcome of outcomes)
      if ('problem' in outcome && outcome.problem instanceof UnstableNeuronsError) throw outcome.problem;
  }

  /** Passes on what a task's phases report. Its slow variables move after the meta-batch, and only then is that reported. */
  private readonly listener = {
    next: (event: SimulationEvent): void => {
      if (event.kind !== 'meta-update') this.emit(event);
    },
  };

  /** Takes a meta-batch over, as a whole, so that whoever saves sees all of it or nothing. */
  private update(
    slow: Quantities,
    results: readonly EpisodeResult[],
    drawn: readonly (Episode | BadEpisode)[],
    rules: RuleExecutor,
  ): void {
    const taskName = `meta-batch ${this.metaSteps}`;
    const isEmpty = results.length === 0;
    const metaGradient = isEmpty ? {} : meanMetaGradient(results, this.metaUpdate.learned, slow);
    const moves = isEmpty ? null : this.move(slow, metaGradient, rules);
    this.metaSteps++;
    this.before = null;
    this.population.release();
    if (isEmpty) return;
    const { index: task } = drawn.at(-1)!;
    this.emit({ kind: 'meta-update', task, tasks: drawn.length, taskName, metaGradient, moves });
  }

  /** phi at the start of a task: its anchor, where synapses have one; else always the same first values. */
  private startOfTask(): Float64Array {
    const { anchor } = this.population.model;
    return anchor === null ? this.start : this.population.values(anchor).slice();
  }

  private skip(error: Error, name: string): void {
    const { strict = false, warn } = this.options;
    if (strict) throw error;
    this.skippedSoFar++;
    outsideTurns(() => warn?.(`${name} was skipped: ${error.message}`, 'task'));
  }
}
