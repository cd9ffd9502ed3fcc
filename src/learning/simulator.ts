import type { TaskPlan } from '../clock/schedule';
import { emitWarning } from '../core/emit-warning';
import { checkNotInterrupted } from '../core/interruption';
import { RandomStreams } from '../core/random';
import { asapScheduler } from '../core/rxjs-parts';
import { validate } from '../core/validate';
import { creditedNetwork } from '../engine/credited-engine';
import type { Session } from '../engine/engine';
import type { Network } from '../network/network';
import type { Population } from '../synapse/population';
import type { Quantities, RuleExecutor } from '../synapse/rule-executor';
import type { Task } from '../tasks/task';
import type { ContrastTerm } from './estimators';
import { copiesOf, LearnedVariables } from './learned-variables';
import { Learner, type LearnerState } from './learner';
import type { MetaMoves } from './meta-rule';
import { type NeuralCourse, neuralCourse } from './neural-course';
import { runSchema, simulationStateSchema } from './option-schemas';
import { PhaseWarner } from './phase-warnings';
import { runTask, taskPlan } from './run-task';
import { checkSimulationOptions, type SimulationOptions } from './simulation-options';
import type { TaskResult } from './task-learner';
import { outsideTurns } from './turns';

/** How long a simulation runs, and what can interrupt it. */
export interface RunOptions {
  /** How many, 0 or more. */
  readonly metaSteps: number;
  readonly signal?: AbortSignal;
}

/** Everything that a simulation needs to go on as if it had never stopped. */
export interface SimulationState extends LearnerState {
  /** Kinds of warnings that were given. */
  warned?: string[];
}

/**
 * A simulation: synapses that learn a task in phases and change their slow variables by what they saw.
 * It is the only place where state changes; whoever listens to `events$` reads.
 */
export class Simulation extends Learner<SimulationState> {
  readonly network: Network;
  readonly task: Task;
  /** What is reported of its neurons; undefined where nothing is. */
  readonly neural: NeuralCourse | undefined;
  /** phi as it was before the task that is being learned; null where that has changed the slow variables, or there is none. */
  private resting: Float64Array | null = null;
  private readonly warner: PhaseWarner;

  /** @throws InputError where an option is missing, unknown or not legal. */
  constructor(readonly options: SimulationOptions) {
    checkSimulationOptions(options);
    const { task, rule, meta, engine = 'auto', rules = 'auto', workers } = options;
    const { warn = emitWarning, sweepStride } = options;
    const network = creditedNetwork(options.network, engine);
    const neural = sweepStride === undefined ? undefined : neuralCourse(network, sweepStride);
    const learned = new LearnedVariables(network, new RandomStreams(options.seed ?? 0).stream('init'));
    learned.set(options.initial ?? {});
    const atOnce = Math.max(1, rule.estimator.betas.length);
    super({ who: 'The simulation', network, learned, meta, engine, rules, workers, atOnce });
    this.network = network;
    this.task = task;
    this.neural = neural;
    this.warner = new PhaseWarner(rule, network.credit, (line) => outsideTurns(() => warn(line)));
  }

  /**
   * `simulation.synapses[42]` is a live view on synapse 42. Its phi is where learning has left it: after a meta-step, at
   * the end of the last nudged phase; the free equilibrium is in the result, `equilibria.get(0)`.
   */
  get synapses(): Population['synapses'] {
    return this.population.synapses;
  }

  /** Inner steps that one step event stands for. */
  get stride(): number {
    return this.options.stride ?? 100;
  }

  /** The course of one task, as the clock will tell it. */
  get plan(): TaskPlan {
    return taskPlan(this.options.rule, this.stride, this.neural);
  }

  /**
   * One meta-step: the task's phases, the contrast, the meta-update.
   * @throws DivergenceError where a phase diverges; UnstableNeuronsError where neurons do not settle; Interruption where the signal is aborted, or `close` is called. In all cases the
   * slow variables are as they were before. ClosedError after `close`.
   */
  metaStep(signal?: AbortSignal): Promise<TaskResult> {
    return this.turns.take('metaStep', (own) => this.learn(own, true), signal);
  }

  /**
   * The phases and the contrast of one task, with the slow variables left as they are.
   * @throws as `metaStep`
   */
  estimate(signal?: AbortSignal): Promise<TaskResult> {
    return this.turns.take('estimate', (own) => this.learn(own, false), signal);
  }

  /**
   * `metaSteps` meta-steps in a row, as one turn; returns the result of each.
   * @throws InputError where `metaSteps` is no whole number from 0; else as `metaStep`
   */
  run(options: RunOptions): Promise<TaskResult[]> {
    try {
      validate(runSchema, options, 'run()');
    } catch (error) {
      return Promise.reject(error);
    }
    const { metaSteps, signal } = options;
    const steps = async (own: AbortSignal): Promise<TaskResult[]> => {
      const results: TaskResult[] = [];
      for (let i = 0; i < metaSteps; i++) results.push(await this.learn(own, true));
      return results;
    };
    return this.turns.take('run', steps, signal);
  }

  /**
   * A session of the engine for questions of your own: gradients, Hessian-vector products, phases. It holds all variables as they are
   * now, and is apart from what learns, so that it may be used at any time. Close it when done; `close` closes what is still open.
   * @throws ClosedError after `close`.
   */
  async open(): Promise<Session> {
    this.turns.checkOpen('open');
    const session = await this.resources.session();
    for (const [variable, values] of Object.entries(this.learned.save()))
      await session.write(variable, values);
    return session;
  }

  override save(): SimulationState {
    const variables = this.learned.save();
    if (this.resting !== null) variables[this.network.synapse.fast] = this.resting.slice();
    return {
      metaSteps: this.metaSteps,
      variables,
      start: this.start.slice(),
      meta: this.metaUpdate.save(),
      warned: this.warner.save(),
    };
  }

  protected override get terms(): readonly ContrastTerm[] {
    return this.options.rule.estimator.terms;
  }

  protected override goOnFrom(state: SimulationState): void {
    super.goOnFrom(state);
    this.warner.restore(state.warned ?? []);
  }

  protected override check(state: SimulationState): void {
    validate(simulationStateSchema, state, 'the saved state');
    this.learned.check(state.variables, this.learned.names);
    super.check(state);
  }

  private async learn(signal: AbortSignal, updates: boolean): Promise<TaskResult> {
    const { task, rule, sweepStride, scheduler = asapScheduler } = this.options;
    const { network, population, stride } = this;
    checkNotInterrupted(signal);
    population.hold();
    this.resting = this.learned.fast.slice();
    const slow = copiesOf(this.learned.slow);
    try {
      const [rules, [first, ...beside]] = [await this.resources.executor(), await this.resources.sessions()];
      const index = this.metaSteps;
      const result = await runTask({
        network,
        session: first!.session,
        population,
        slow,
        task,
        rule,
        rules,
        start: this.start,
        listener: { next: (event) => this.emit(event) },
        update: updates
          ? (gradient, equilibria) => this.update(slow, gradient, equilibria.get(0)!, rules)
          : null,
        index,
        stride,
        sweepStride,
        scheduler,
        signal,
        beside,
        heard: this.events.observed,
      });
      await this.warner.judge(result, index, await this.resources.engine());
      return result;
    } finally {
      this.resting = null;
      population.release();
    }
  }

  /** Takes a meta-step over, as a whole, so that whoever saves sees all of it or nothing. */
  private update(slow: Quantities, gradient: Quantities, free: Float64Array, rules: RuleExecutor): MetaMoves {
    const moves = this.move(slow, gradient, rules);
    this.metaSteps++;
    if (this.options.start === 'continue') this.start = free.slice();
    this.resting = null;
    this.population.release();
    return moves;
  }
}

/** A simulation of one network on one task; see `SimulationOptions` for what can be chosen. */
export function simulate(options: SimulationOptions): Simulation {
  return new Simulation(options);
}
