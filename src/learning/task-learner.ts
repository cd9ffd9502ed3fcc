import type { Observer } from 'rxjs';
import type { Replayed } from '../clock/replay';
import type { Feedback } from '../clock/schedule';
import type { Tick } from '../clock/tick';
import type { Batch } from '../data/batch';
import { metaWeights, type Session } from '../engine/engine';
import type { Network } from '../network/network';
import type { Quantities, RuleExecutor } from '../synapse/rule-executor';
import type { Task } from '../tasks/task';
import { contrast, contrastGradients } from './contrast';
import type { ContrastiveRule } from './contrastive';
import type { PhaseEndEvent, SimulationEvent } from './events';
import type { MetaMoves } from './meta-rule';
import type { NeuralCourse } from './neural-course';
import { PhaseLearner, type PhaseOutcome } from './phase-learner';
import type { ShownSession } from './sessions';

/** What one task left behind. */
export interface TaskResult {
  /** Mean loss on the training set and on the held-out set, at the end of the free phase. */
  readonly loss: { readonly train: number; readonly heldOut: number };
  /** phi at the end of each phase, by nudging strength. */
  readonly equilibria: ReadonlyMap<number, Float64Array>;
  /** How each phase ended, the free one first. */
  readonly phases: readonly PhaseEndEvent[];
  /** The estimated meta-gradient, one entry a synapse, by slow variable. */
  readonly metaGradient: Readonly<Record<string, Float64Array>>;
  /** The running statistics of batch norm at the end of the free phase; undefined where nobody asked. */
  readonly runningStatistics?: Float64Array | undefined;
}

export interface TaskLearnerOptions extends ShownSession {
  readonly network: Network;
  /** Arrays of everything that learns between tasks: the synapses' slow variables, and `theta` where there is one. */
  readonly slow: Quantities;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  readonly rules: RuleExecutor;
  /** phi at the start of the free phase. */
  readonly start: Float64Array;
  readonly listener: Pick<Observer<SimulationEvent>, 'next'>;
  /** What is reported of neurons, as the clock tells it. Default: nothing. */
  readonly neural?: NeuralCourse | undefined;
  /** Whether the result is to have the running statistics of batch norm. Default: not. */
  readonly statistics?: boolean;
  /** Applies the meta-gradient, with phi at the end of each phase by beta; null where the slow variables stay as they are. */
  readonly update:
    | ((metaGradient: Quantities, equilibria: ReadonlyMap<number, Float64Array>) => MetaMoves)
    | null;
}

/** Does what the clock says, for one task: has the phases settle, contrasts their ends, updates. */
export class TaskLearner {
  private readonly outcomes: PhaseOutcome[] = [];
  private phase: PhaseLearner | null = null;
  private metaGradient: Record<string, Float64Array> = {};
  private loss = { train: Number.NaN, heldOut: Number.NaN };
  private moved = false;

  constructor(private readonly options: TaskLearnerOptions) {}

  get feedback(): Feedback {
    return this.phase?.feedback ?? { settled: false };
  }

  /** Whether the slow variables have moved, so that the task may no longer be given up. */
  get updated(): boolean {
    return this.moved;
  }

  /** What replay brings into a nudged phase. */
  get heldOut(): Batch {
    return this.phase?.heldOut ?? this.options.task.heldOut;
  }

  result(): TaskResult {
    const { loss, metaGradient, outcomes } = this;
    const { runningStatistics } = outcomes[0] ?? {};
    const phases = outcomes.map(({ end }) => end);
    return { loss, metaGradient, equilibria: this.equilibria, phases, runningStatistics };
  }

  async perform(tick: Tick, replayed: Replayed | null): Promise<void> {
    const { session, population, listener, task } = this.options;
    switch (tick.kind) {
      case 'task-start':
        await this.writeSlowVariables(session);
        population.values(population.model.fast).set(this.options.start);
        return listener.next({ ...tick, taskName: task.name });
      case 'phase-start':
        this.phase = this.begin(tick.beta, this.options, listener);
        return this.phase.perform(tick, null);
      case 'sweep':
      case 'step':
        return this.phase!.perform(tick, replayed);
      case 'phase-end':
        await this.phase!.perform(tick, null);
        return this.take(this.phase!.outcome);
      case 'meta-update':
        return this.endTask(tick);
      case 'task-end':
        return listener.next({ ...tick, taskName: task.name });
    }
  }

  /** A phase, to be learned in a session that holds the slow variables. A nudged one starts where the free one has ended. */
  begin(
    beta: number,
    { session, population }: ShownSession,
    listener: TaskLearnerOptions['listener'],
  ): PhaseLearner {
    const { network, rule, task, start, statistics = false, neural } = this.options;
    const free = beta === 0 ? null : this.outcomes[0]!;
    const keeps = free !== null && rule.optimizerState === 'keep';
    return new PhaseLearner({
      ...{ network, session, population, task, listener, neural },
      settings: free === null ? rule.free : rule.nudged,
      start: free?.equilibrium ?? start,
      kept: keeps ? { buffers: free.buffers, steps: free.end.steps } : { buffers: new Map(), steps: 0 },
      metaWeights: this.hasMetaWeights,
      statistics: statistics && free === null,
      stepsBefore: free?.end.steps ?? 0,
    });
  }

  /** Takes over what a phase has left behind, in the order of phases. */
  async take(outcome: PhaseOutcome): Promise<void> {
    this.outcomes.push(outcome);
    if (outcome.end.beta !== 0) return;
    const { session, task } = this.options;
    const [train, heldOut] = [await session.evaluate(task.train), await session.evaluate(task.heldOut)];
    this.loss = { train: train.loss, heldOut: heldOut.loss };
  }

  async writeSlowVariables(session: Session): Promise<void> {
    for (const [variable, values] of Object.entries(this.options.slow)) await session.write(variable, values);
  }

  private async endTask({ task }: { task: number }): Promise<void> {
    const { population, slow, rule, rules, update } = this.options;
    const { terms } = rule.estimator;
    this.metaGradient = contrast(population.model, terms, this.equilibria, slow, rules);
    if (this.hasMetaWeights) {
      const gradients = new Map(this.outcomes.map(({ end, metaGradient }) => [end.beta, metaGradient!]));
      this.metaGradient[metaWeights] = contrastGradients(terms, gradients, rules);
    }
    const moves = update?.(this.metaGradient, this.equilibria) ?? null;
    this.moved = update !== null;
    const { metaGradient } = this;
    const taskName = this.options.task.name;
    this.options.listener.next({ kind: 'meta-update', task, tasks: 1, taskName, metaGradient, moves });
  }

  private get equilibria(): Map<number, Float64Array> {
    return new Map(this.outcomes.map(({ end, equilibrium }) => [end.beta, equilibrium]));
  }

  private get hasMetaWeights(): boolean {
    return metaWeights in this.options.slow;
  }
}
