import { asapScheduler, type Observable, type SchedulerLike, Subject, Subscription, share } from 'rxjs';
import { clock } from '../clock/clock';
import { type Replayed, replay } from '../clock/replay';
import { schedule, type TaskPlan } from '../clock/schedule';
import type { Tick } from '../clock/tick';
import { InputError, Interruption } from '../core/errors';
import { RandomStreams } from '../core/random';
import type { Engine, Session } from '../engine/engine';
import { referenceEngine } from '../engine/reference/reference-engine';
import { checkBatchFits, initialParameters, type Network } from '../network/network';
import { executorNamed } from '../synapse/executor-named';
import { Population } from '../synapse/population';
import type { RuleExecutor } from '../synapse/rule-executor';
import type { Task } from '../tasks/task';
import type { ContrastiveRule } from './contrastive';
import type { SimulationEvent } from './events';
import { type MetaSettings, type MetaState, MetaUpdate } from './meta-update';
import { TaskLearner, type TaskResult } from './task-learner';

export interface SimulationOptions {
  readonly network: Network;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  readonly meta: MetaSettings;
  /** Executes contrast and meta-update. Default: GPU.js, in float32; `plainExecutor()` for float64. */
  readonly rules?: RuleExecutor;
  /** Default: the reference engine. */
  readonly engine?: Engine;
  /** Root seed of the first values of phi. Default 0. */
  readonly seed?: number;
  /** First values; `phi` is drawn from the stream `init` where it is left out, slow variables start at 0. */
  readonly initial?: Readonly<Record<string, ArrayLike<number> | number>>;
  /** Where phi starts each free phase: at its first values, or at the end of the free phase before. Default `initial`. */
  readonly start?: 'initial' | 'continue';
  /** Inner steps that one step event stands for. Default 100. */
  readonly stride?: number;
  /** Default: at once, with a pause for timers and signals every few milliseconds. Tests take a virtual one. */
  readonly scheduler?: SchedulerLike;
}

/** Everything that a simulation needs to go on as if it had never stopped. */
export interface SimulationState {
  metaSteps: number;
  variables: Record<string, Float64Array>;
  start: Float64Array;
  meta: MetaState;
}

/**
 * A simulation: synapses that learn a task in phases and change their slow variables by what they saw.
 * It is the only place where state changes; whoever listens to `events$` reads.
 */
export class Simulation {
  readonly network: Network;
  readonly task: Task;
  readonly population: Population;
  private readonly events = new Subject<SimulationEvent>();
  private readonly metaUpdate: MetaUpdate;
  private session: Session | null = null;
  /** An executor that this simulation opened itself, and closes. */
  private ownRules: RuleExecutor | null = null;
  private start: Float64Array;
  private metaSteps = 0;

  constructor(private readonly options: SimulationOptions) {
    const { network, task, initial = {}, seed = 0 } = options;
    checkBatchFits(network, task.train, `${task.name}: training set`);
    checkBatchFits(network, task.heldOut, `${task.name}: held-out set`);
    if (network.meta.size > 0) {
      throw new InputError({
        what: 'A simulation of one task moves the slow variables of synapses only, and this network has meta-weights',
        got: `${network.meta.size} meta-weights`,
        legal: 'a network whose parameters are all fast',
      });
    }
    this.network = network;
    this.task = task;
    this.population = new Population(network.synapse, network.topology);
    const { fast } = network.synapse;
    const drawn = initialParameters(network, new RandomStreams(seed).stream('init')).fast;
    for (const [variable, values] of Object.entries({ [fast]: drawn, ...initial })) {
      this.population.set(variable, values);
    }
    this.start = this.population.values(fast).slice();
    this.metaUpdate = new MetaUpdate(network.synapse, network.size, options.meta);
  }

  /**
   * `simulation.synapses[42]` is a live view on synapse 42. Its phi is where learning has left it: after a meta-step, at
   * the end of the last nudged phase; the free equilibrium is in the result, `equilibria.get(0)`.
   */
  get synapses(): Population['synapses'] {
    return this.population.synapses;
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

  /** What executes the rules: the given executor, or GPU.js, opened when it is first needed. */
  private async executor(): Promise<RuleExecutor> {
    if (this.options.rules !== undefined) return this.options.rules;
    this.ownRules ??= await executorNamed('gpujs');
    return this.ownRules;
  }

  /** The engine's session, opened when it is first needed. */
  async open(): Promise<Session> {
    this.session ??= await (this.options.engine ?? referenceEngine).open(this.network);
    return this.session;
  }

  save(): SimulationState {
    const variables = this.population.variables.map((name) => [name, this.population.values(name).slice()]);
    return {
      metaSteps: this.metaSteps,
      variables: Object.fromEntries(variables),
      start: this.start.slice(),
      meta: this.metaUpdate.save(),
    };
  }

  restore(state: SimulationState): void {
    for (const [name, values] of Object.entries(state.variables)) this.population.set(name, values);
    this.metaSteps = state.metaSteps;
    this.start = state.start.slice();
    this.metaUpdate.restore(state.meta);
  }

  async close(): Promise<void> {
    this.events.complete();
    await this.session?.close();
    this.session = null;
    this.ownRules?.close();
    this.ownRules = null;
  }

  private async learn(signal: AbortSignal | undefined, updates: boolean): Promise<TaskResult> {
    const { task, rule, scheduler = asapScheduler } = this.options;
    const rules = await this.executor();
    const learner = new TaskLearner({
      session: await this.open(),
      population: this.population,
      task,
      rule,
      rules,
      start: this.start,
      listener: this.events,
      update: updates ? (gradient) => this.metaUpdate.apply(this.population, gradient, rules) : null,
    });
    const ticks = () => schedule(this.plan, this.metaSteps);
    const result = await drive(learner, ticks, scheduler, signal);
    if (updates && this.options.start === 'continue') this.start = result.equilibria.get(0)!.slice();
    return result;
  }
}

/** A simulation of one network on one task; see `SimulationOptions` for what can be chosen. */
export function simulate(options: SimulationOptions): Simulation {
  return new Simulation(options);
}

/** The phases of one task under a contrastive rule: the free one, then the estimator's nudged ones. */
export function taskPlan(rule: ContrastiveRule, stride: number): TaskPlan {
  const nudged = rule.estimator.betas.map((beta) => ({ beta, steps: rule.nudged.steps }));
  return { phases: [{ beta: 0, steps: rule.free.steps }, ...nudged], stride };
}

/** Runs one task: the clock tells, replay brings held-out data in, the learner does. */
function drive(
  learner: TaskLearner,
  ticks: () => Generator<Tick, void, { settled: boolean } | undefined>,
  scheduler: SchedulerLike,
  signal: AbortSignal | undefined,
): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    let work: Promise<void> | null = null;
    let replayed: Replayed | null = null;
    const breathe = breathing();
    const ticks$ = clock({ ticks, feedback: () => learner.feedback, busy: () => work, scheduler }).pipe(
      share(),
    );
    const stop = (): void => {
      if (learner.updated) return; // this meta-step is as good as done; the next one will not begin
      subscription.unsubscribe();
      const interrupt = () => reject(new Interruption({ what: 'The run was interrupted' }));
      Promise.resolve(work).then(interrupt, interrupt); // nothing may go on behind the caller's back
    };
    // Subscribed before the learner, so that a chunk's held-out data is there when the chunk begins.
    const subscription = new Subscription(() => signal?.removeEventListener('abort', stop));
    subscription.add(
      replay(ticks$, () => learner.heldOut).subscribe({
        next: (data) => {
          replayed = data;
        },
        error: () => {}, // the learner's own subscription, below, reports it
      }),
    );
    subscription.add(
      ticks$.subscribe({
        next: (tick) => {
          work = learner.perform(tick, replayed).then(breathe);
          replayed = null;
        },
        error: (error) => {
          subscription.unsubscribe();
          reject(error);
        },
        complete: () => {
          subscription.unsubscribe();
          resolve(learner.result());
        },
      }),
    );
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop);
  });
}

/** Lets the event loop turn, so that signals and timers are heard, whenever it was held up for long enough. */
function breathing(): () => Promise<void> | void {
  const longest = 20; // milliseconds: far below what a person notices, far above what a turn costs
  let last = performance.now();
  return () => {
    if (performance.now() - last < longest) return;
    return new Promise((resolve) => {
      setImmediate(() => {
        last = performance.now();
        resolve();
      });
    });
  };
}
