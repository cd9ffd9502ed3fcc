import { asapScheduler, type Observable, type SchedulerLike, Subject } from 'rxjs';
import type { TaskPlan } from '../clock/schedule';
import { emitWarning } from '../core/emit-warning';
import { RandomStreams } from '../core/random';
import { checkEngineName, type EngineName, engineNamed } from '../engine/auto';
import type { Engine, Session } from '../engine/engine';
import { checkBatchFits, type Network } from '../network/network';
import type { Neuron } from '../network/neuron';
import { checkExecutorName, type ExecutorName, executorNamed } from '../synapse/executor-named';
import type { Population } from '../synapse/population';
import type { RuleExecutor } from '../synapse/rule-executor';
import type { Task } from '../tasks/task';
import type { ContrastiveRule } from './contrastive';
import type { SimulationEvent } from './events';
import { type FirstValues, LearnedVariables } from './learned-variables';
import { type MetaSettings, type MetaState, MetaUpdate } from './meta-update';
import { PhaseWarner } from './phase-warnings';
import { runTask, taskPlan } from './run-task';
import { checkWorkers, openSessions, type Place } from './sessions';
import type { TaskResult } from './task-learner';

export interface SimulationOptions {
  readonly network: Network;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  readonly meta: MetaSettings;
  /** Executes contrast and meta-update: an executor, or the name of one. Default `auto`: GPU.js, in float32; `plain` is float64. */
  readonly rules?: RuleExecutor | ExecutorName;
  /**
   * Executes the network: an engine, or the name of one. Default `auto`: the fastest that this machine has, in float32;
   * `reference` is float64. A named one is loaded at the first step.
   */
  readonly engine?: Engine | EngineName;
  /**
   * Hears, once for each kind, that a free or a nudged phase has not converged, and that float32 leaves a contrast too few
   * digits. Default: a warning of the process, of the name `MetaplastWarning`.
   */
  readonly warn?: (line: string) => void;
  /** Root seed of the first values of phi. Default 0. */
  readonly seed?: number;
  /** First values; `phi` and `theta` are drawn from the stream `init` where they are left out, slow variables start at 0. */
  readonly initial?: FirstValues;
  /** Where phi starts each free phase: at its first values, or at the end of the free phase before. Default `initial`. */
  readonly start?: 'initial' | 'continue';
  /** Inner steps that one step event stands for. Default 100. */
  readonly stride?: number;
  /**
   * Threads that learn at the same time, by engines that can: an estimator's nudged phases side by side, and large batches in
   * parts. The numbers, and what is told, are the same however many there are. Default 1: in this thread.
   */
  readonly workers?: number;
  /** Default: at once, with a pause for timers and signals every few milliseconds. Tests take a virtual one. */
  readonly scheduler?: SchedulerLike;
}

/** Everything that a simulation needs to go on as if it had never stopped. */
export interface SimulationState {
  metaSteps: number;
  variables: Record<string, Float64Array>;
  start: Float64Array;
  meta: MetaState;
  /** Kinds of warnings that were given. */
  warned?: string[];
}

/**
 * A simulation: synapses that learn a task in phases and change their slow variables by what they saw.
 * It is the only place where state changes; whoever listens to `events$` reads.
 */
export class Simulation {
  readonly network: Network;
  readonly task: Task;
  private readonly learned: LearnedVariables;
  private readonly events = new Subject<SimulationEvent>();
  private readonly metaUpdate: MetaUpdate;
  /** The first one is where a task is learned; the others take nudged phases. */
  private places: readonly Place[] | null = null;
  /** An executor that this simulation opened itself, and closes. */
  private ownRules: RuleExecutor | null = null;
  /** The engine, once it is needed. */
  private chosen: Engine | null = null;
  private readonly warner: PhaseWarner;
  private start: Float64Array;
  private metaSteps = 0;

  constructor(private readonly options: SimulationOptions) {
    const { network, task, initial = {}, seed = 0 } = options;
    checkBatchFits(network, task.train, `${task.name}: training set`);
    checkBatchFits(network, task.heldOut, `${task.name}: held-out set`);
    const { engine = 'auto', rules = 'auto', workers, rule, warn = emitWarning } = options;
    if (typeof engine === 'string') checkEngineName(engine);
    else checkWorkers({ network, engine, workers });
    if (typeof rules === 'string') checkExecutorName(rules);
    this.warner = new PhaseWarner(rule, warn);
    this.network = network;
    this.task = task;
    this.learned = new LearnedVariables(network, new RandomStreams(seed).stream('init'));
    this.learned.set(initial);
    this.start = this.learned.fast.slice();
    this.metaUpdate = new MetaUpdate(this.learned.slow, network.synapse.nonNegative, options.meta);
  }

  get population(): Population {
    return this.learned.population;
  }

  /** Whole weights that learn between tasks only, in the network's flat order of them; empty where it has none. */
  get theta(): Float64Array {
    return this.learned.theta;
  }

  /**
   * `simulation.synapses[42]` is a live view on synapse 42. Its phi is where learning has left it: after a meta-step, at
   * the end of the last nudged phase; the free equilibrium is in the result, `equilibria.get(0)`.
   */
  get synapses(): Population['synapses'] {
    return this.population.synapses;
  }

  /** Live views on the neurons whose gain and threshold learn, layer after layer; empty where the network has none. */
  get neurons(): readonly Neuron[] {
    return this.learned.neurons;
  }

  /** What happens, as it happens. Hot: listen before `run`. Completes with `close`. */
  get events$(): Observable<SimulationEvent> {
    return this.events.asObservable();
  }

  /** How many meta-steps have been taken. */
  get metaStepsTaken(): number {
    return this.metaSteps;
  }

  /** Inner steps that one step event stands for. */
  get stride(): number {
    return this.options.stride ?? 100;
  }

  /** The course of one task, as the clock will tell it. */
  get plan(): TaskPlan {
    return taskPlan(this.options.rule, this.stride);
  }

  /**
   * One meta-step: the task's phases, the contrast, the meta-update.
   * @throws DivergenceError where a phase diverges; Interruption where the signal is aborted. In both cases the
   * slow variables are as they were before.
   */
  async metaStep(signal?: AbortSignal): Promise<TaskResult> {
    const result = await this.learn(signal, true);
    this.metaSteps++;
    return result;
  }

  /** The phases and the contrast of one task, with the slow variables left as they are. */
  async estimate(signal?: AbortSignal): Promise<TaskResult> {
    return this.learn(signal, false);
  }

  /** `metaSteps` meta-steps in a row; returns the result of each. */
  async run({ metaSteps, signal }: { metaSteps: number; signal?: AbortSignal }): Promise<TaskResult[]> {
    const results: TaskResult[] = [];
    for (let i = 0; i < metaSteps; i++) results.push(await this.metaStep(signal));
    return results;
  }

  /** What executes the rules: the given executor, or the named one (`auto` where there is none), opened when it is first needed. */
  private async executor(): Promise<RuleExecutor> {
    const { rules = 'auto' } = this.options;
    if (typeof rules !== 'string') return rules;
    this.ownRules ??= await executorNamed(rules);
    return this.ownRules;
  }

  /** What executes the network: the given engine, or the named one. */
  private async engine(): Promise<Engine> {
    const { engine = 'auto' } = this.options;
    this.chosen ??= typeof engine === 'string' ? await engineNamed(engine) : engine;
    return this.chosen;
  }

  /** The engine's session, opened when it is first needed. */
  async open(): Promise<Session> {
    return (await this.openSessions())[0]!.session;
  }

  save(): SimulationState {
    return {
      metaSteps: this.metaSteps,
      variables: this.learned.save(),
      start: this.start.slice(),
      meta: this.metaUpdate.save(),
      warned: this.warner.save(),
    };
  }

  restore(state: SimulationState): void {
    this.learned.set(state.variables);
    this.metaSteps = state.metaSteps;
    this.start = state.start.slice();
    this.metaUpdate.restore(state.meta);
    this.warner.restore(state.warned ?? []);
  }

  async close(): Promise<void> {
    this.events.complete();
    for (const { session } of this.places ?? []) await session.close();
    this.places = null;
    this.ownRules?.close();
    this.ownRules = null;
  }

  private async openSessions(): Promise<readonly Place[]> {
    const { network, workers, rule } = this.options;
    const phases = rule.estimator.betas.length;
    const engine = await this.engine();
    checkWorkers({ network, engine, workers });
    this.places ??= await openSessions({ network, engine, workers, atOnce: phases }, this.population);
    return this.places;
  }

  private async learn(signal: AbortSignal | undefined, updates: boolean): Promise<TaskResult> {
    const { network, task, rule, scheduler = asapScheduler } = this.options;
    const rules = await this.executor();
    const { slow } = this.learned;
    const [place, ...beside] = await this.openSessions();
    const result = await runTask({
      session: place!.session,
      population: this.population,
      ...{ network, beside, heard: this.events.observed },
      slow,
      task,
      rule,
      rules,
      start: this.start,
      listener: this.events,
      update: updates ? (gradient) => this.metaUpdate.apply(slow, gradient, rules) : null,
      index: this.metaSteps,
      stride: this.stride,
      scheduler,
      signal,
    });
    if (updates && this.options.start === 'continue') this.start = result.equilibria.get(0)!.slice();
    await this.warner.judge(result, this.metaSteps, await this.engine());
    return result;
  }
}

/** A simulation of one network on one task; see `SimulationOptions` for what can be chosen. */
export function simulate(options: SimulationOptions): Simulation {
  return new Simulation(options);
}
