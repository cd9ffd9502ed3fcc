import { lastValueFrom, type Observable, Subject, take, toArray } from 'rxjs';
import { DivergenceError, InputError, NoMinimumError } from '../core/errors';
import { RandomStreams } from '../core/random';
import { runConcurrently } from '../core/run-concurrently';
import { type Work, workOf, workSince } from '../engine/counted-session';
import type { Engine } from '../engine/engine';
import { checkBatchFits, type Network } from '../network/network';
import type { Neuron } from '../network/neuron';
import type { Population } from '../synapse/population';
import type { RuleExecutor } from '../synapse/rule-executor';
import {
  type BadEpisode,
  type Episode,
  isBad,
  type TaskStream,
  type TaskStreamState,
} from '../tasks/task-stream';
import { courseOfLoss } from './course-of-loss';
import { EventBuffer } from './event-buffer';
import { hasNotConverged, type PhaseEndEvent, type SimulationEvent } from './events';
import { type FirstValues, LearnedVariables } from './learned-variables';
import type { EpisodeResult, MetaLearner } from './meta-learner';
import { type MetaSettings, type MetaState, MetaUpdate } from './meta-update';
import { releasePenalty } from './prepare-session';
import { checkWorkers, openSessions, type Place } from './sessions';

export interface StreamLearnerOptions {
  readonly network: Network;
  readonly learner: MetaLearner;
  readonly stream: TaskStream;
  readonly meta: MetaSettings;
  /** Tasks whose meta-gradients are averaged, in task order, for one meta-update. */
  readonly batch: number;
  readonly engine: Engine;
  /** Executes the meta-update. */
  readonly rules: RuleExecutor;
  readonly seed?: number;
  /** First values, as for a simulation; `omega` starts at the first values of phi where it is left out. */
  readonly initial?: FirstValues;
  /**
   * Tasks that are learned at the same time, each in a thread of its own, by engines that can; where a meta-batch is one task, its
   * nudged phases are. The numbers, and what is told, are the same however many there are. Default 1: in this thread.
   */
  readonly workers?: number;
  /** A bad episode or one that diverges is an error, instead of being skipped with a warning. Default false. */
  readonly strict?: boolean;
  readonly warn?: (line: string) => void;
}

/** What one meta-step saw. */
export interface StreamStep {
  /** Episodes that were learned from. */
  readonly learned: number;
  /** Episodes that were skipped: bad ones, those that diverged, and those without the minimum that the method needs. */
  readonly skipped: number;
  /** Mean held-out loss after learning each task; NaN where none was learned. */
  readonly heldOutLoss: number;
  /** Phases that were to reach an equilibrium and did not. None, where the step budget defines the phases. */
  readonly unconverged: number;
  /** Mean norm of the gradient at the ends of free and of nudged phases; NaN for a method without such phases. */
  readonly residual: { readonly free: number; readonly nudged: number };
  /** Gradients and Hessian-vector products of this meta-step, skipped episodes included. */
  readonly work: Work;
}

type Outcome = { readonly buffer?: EventBuffer | null } & (
  | { readonly result: EpisodeResult }
  | { readonly problem: Error; readonly name: string }
);

export interface StreamLearnerState {
  metaSteps: number;
  skipped: number;
  variables: Record<string, Float64Array>;
  start: Float64Array;
  meta: MetaState;
  stream: TaskStreamState;
}

/** Lets synapses live through a stream of tasks, and changes their slow variables after each meta-batch. */
export class StreamLearner {
  private readonly learned: LearnedVariables;
  private readonly metaUpdate: MetaUpdate;
  private readonly events = new Subject<SimulationEvent>();
  private start: Float64Array;
  private places: readonly Place[] | null = null;
  private metaSteps = 0;
  private skippedSoFar = 0;

  constructor(private readonly options: StreamLearnerOptions) {
    const { network, meta, seed = 0, initial = {} } = options;
    this.learned = new LearnedVariables(network, new RandomStreams(seed).stream('init'));
    if (this.startsAtOmega) this.learned.set({ omega: this.learned.fast });
    this.learned.set(initial);
    this.start = this.learned.fast.slice();
    this.metaUpdate = new MetaUpdate(this.learned.slow, network.synapse.nonNegative, meta);
    checkWorkers(options);
    const { learner } = options;
    for (const variable of this.metaUpdate.learned) {
      if (learner.learns.includes(variable)) continue;
      throw new InputError({
        what: `Method "${learner.name}" gives no gradient for a slow variable that is to learn`,
        got: variable,
        legal: learner.learns.join(', ') || 'none',
        advice: 'Name the variables to learn in `meta.learn`',
      });
    }
  }

  get population(): Population {
    return this.learned.population;
  }

  /** Weights that learn between tasks only; empty where the network has none. */
  get theta(): Float64Array {
    return this.learned.theta;
  }

  /** Live views on the neurons' gain and threshold; empty where the network declares none. */
  get neurons(): readonly Neuron[] {
    return this.learned.neurons;
  }

  /** The phases of each task, where the method has such, and one meta-update after each meta-batch. Hot. */
  get events$(): Observable<SimulationEvent> {
    return this.events.asObservable();
  }

  /** Inner steps that one step event stands for. */
  get stride(): number {
    return this.options.learner.stride ?? 1;
  }

  get metaStepsTaken(): number {
    return this.metaSteps;
  }

  /** Episodes skipped so far. */
  get skipped(): number {
    return this.skippedSoFar;
  }

  /** phi at the start of a task: omega, where synapses have one; else always the same first values. */
  private get startOfTask(): Float64Array {
    return this.startsAtOmega ? this.population.values('omega').slice() : this.start;
  }

  private get startsAtOmega(): boolean {
    return this.population.model.meta.includes('omega');
  }

  /**
   * One meta-batch of tasks and the meta-update; `null` where the stream has ended. The last batch may be short.
   * @throws InputError or DivergenceError for an episode that cannot be learned from, where `strict`; Interruption where
   * the signal is aborted: the slow variables are as before, but the stream has moved, so go on from a saved state.
   */
  async metaStep(signal?: AbortSignal): Promise<StreamStep | null> {
    const { stream, batch } = this.options;
    const drawn = await lastValueFrom(stream.episodes$.pipe(take(batch), toArray()));
    if (drawn.length === 0) return null;
    const places = await this.prepare();
    const before = workOf(places);
    const outcomes = await runConcurrently(drawn, places, (episode, place) =>
      this.learn(episode, place, signal),
    );
    const results = outcomes.flatMap((outcome) => this.judge(outcome));
    if (results.length > 0) this.update(results, drawn.at(-1)!.index);
    this.metaSteps++;
    const phases = results.flatMap((result) => result.phases ?? []);
    return {
      learned: results.length,
      skipped: drawn.length - results.length,
      heldOutLoss: mean(results.map(({ heldOutLoss }) => heldOutLoss)),
      unconverged: phases.filter(hasNotConverged).length,
      residual: { free: meanResidual(phases, true), nudged: meanResidual(phases, false) },
      work: workSince(before, places),
    };
  }

  /**
   * Held-out loss of each task after each number of inner steps, [steps][tasks]; the slow variables stay as they are.
   * A task that diverges has a loss of Infinity from there on.
   * @param steps Ascending.
   */
  async evaluate(tasks: readonly Episode[], steps: readonly number[]): Promise<number[][]> {
    const places = await this.prepare();
    const { learner, network } = this.options;
    for (const { session } of places) if (!learner.regularised) await releasePenalty(network, session);
    const { adaptation } = learner;
    const byTask = await runConcurrently(tasks, places, ({ train, heldOut }, { session }) =>
      courseOfLoss({ network, session, adaptation, train, heldOut, start: this.startOfTask, steps }),
    );
    return steps.map((_, i) => byTask.map((losses) => losses[i]!));
  }

  save(): StreamLearnerState {
    return structuredClone({
      metaSteps: this.metaSteps,
      skipped: this.skippedSoFar,
      variables: this.learned.slow,
      start: this.start,
      meta: this.metaUpdate.save(),
      stream: this.options.stream.save(),
    });
  }

  restore(state: StreamLearnerState): void {
    this.learned.set(state.variables);
    this.start = state.start.slice();
    this.metaSteps = state.metaSteps;
    this.skippedSoFar = state.skipped;
    this.metaUpdate.restore(state.meta);
    this.options.stream.restore(state.stream);
  }

  async close(): Promise<void> {
    this.events.complete();
    for (const { session } of this.places ?? []) await session.close();
    this.places = null;
  }

  /** Where tasks are learned, holding the slow variables as they are now. */
  private async prepare(): Promise<readonly Place[]> {
    const { batch, workers = 1 } = this.options;
    this.places ??= await openSessions(
      { ...this.options, atOnce: batch === 1 ? workers : batch },
      this.population,
    );
    for (const { session } of this.places) {
      for (const [name, values] of Object.entries(this.learned.slow)) await session.write(name, values);
    }
    return this.places;
  }

  /** Learns one episode at one place; what is wrong with it, where it cannot be learned from. */
  private async learn(
    episode: Episode | BadEpisode,
    { session, population }: Place,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    const name = `task ${episode.index}`;
    if (isBad(episode)) return { problem: episode.problem, name };
    const misfit = this.misfit(episode);
    if (misfit !== null) return { problem: misfit, name };
    const { learner, network } = this.options;
    const { slow } = this.learned;
    const alone = population === this.population;
    const buffer = alone ? null : new EventBuffer(population, this.events.observed);
    const listener = buffer ?? this.listener;
    const start = this.startOfTask;
    try {
      const beside = this.options.batch === 1 ? this.places!.slice(1) : [];
      const given = { network, session, episode, population, slow, start, listener, signal, beside };
      return { result: await learner.learn(given), buffer };
    } catch (error) {
      if (!(error instanceof DivergenceError || error instanceof NoMinimumError)) throw error;
      return { problem: error, name: episode.name, buffer };
    } finally {
      buffer?.end();
    }
  }

  /** In the order of tasks: what each has told, and what it gave, or that it was skipped. */
  private judge(outcome: Outcome): EpisodeResult[] {
    outcome.buffer?.tell(this.listener, this.population);
    if ('result' in outcome) return [outcome.result];
    this.skip(outcome.problem, outcome.name);
    return [];
  }

  /** Passes on what a task's phases tell. Its slow variables move after the meta-batch, and only then is that told. */
  private readonly listener = {
    next: (event: SimulationEvent): void => {
      if (event.kind !== 'meta-update') this.events.next(event);
    },
  };

  private update(results: readonly EpisodeResult[], task: number): void {
    const { rules } = this.options;
    const { slow } = this.learned;
    const metaGradient: Record<string, Float64Array> = {};
    for (const variable of this.metaUpdate.learned) {
      const sum = new Float64Array(slow[variable]!.length);
      for (const result of results) {
        for (let i = 0; i < sum.length; i++) sum[i]! += result.metaGradient[variable]![i]!;
      }
      metaGradient[variable] = sum.map((value) => value / results.length);
    }
    this.metaUpdate.apply(slow, metaGradient, rules);
    const taskName = `meta-batch ${this.metaSteps}`;
    this.events.next({ kind: 'meta-update', task, taskName, metaGradient });
  }

  /** Why an episode does not fit the network; null where it does. */
  private misfit({ name, train, heldOut }: Episode): InputError | null {
    try {
      checkBatchFits(this.options.network, train, `${name}: training set`);
      checkBatchFits(this.options.network, heldOut, `${name}: held-out set`);
      return null;
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  }

  private skip(error: Error, name: string): void {
    const { strict = false, warn } = this.options;
    if (strict) throw error;
    this.skippedSoFar++;
    warn?.(`${name} was skipped: ${error.message}`);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanResidual(phases: readonly PhaseEndEvent[], free: boolean): number {
  return mean(phases.filter(({ beta }) => (beta === 0) === free).map(({ residual }) => residual));
}
