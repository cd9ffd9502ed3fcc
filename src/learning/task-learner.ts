import type { Observer } from 'rxjs';
import type { Replayed } from '../clock/replay';
import type { Feedback } from '../clock/schedule';
import type { StepTick, Tick } from '../clock/tick';
import { DivergenceError } from '../core/errors';
import type { Batch } from '../data/batch';
import { metaWeights, type Session } from '../engine/engine';
import type { Population } from '../synapse/population';
import type { Quantities, RuleExecutor } from '../synapse/rule-executor';
import type { Task } from '../tasks/task';
import { contrast, contrastGradients } from './contrast';
import type { ContrastiveRule, PhaseSettings } from './contrastive';
import { divergenceAdvice } from './divergence-advice';
import type { PhaseEndEvent, SimulationEvent } from './events';

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
}

export interface TaskLearnerOptions {
  readonly session: Session;
  readonly population: Population;
  /** Live arrays of everything that learns between tasks: the synapses' slow variables, and `theta` where there is one. */
  readonly slow: Quantities;
  readonly task: Task;
  readonly rule: ContrastiveRule;
  readonly rules: RuleExecutor;
  /** phi at the start of the free phase. */
  readonly start: Float64Array;
  readonly listener: Pick<Observer<SimulationEvent>, 'next'>;
  /** Applies the meta-gradient; null where the slow variables stay as they are. */
  readonly update: ((metaGradient: Quantities) => void) | null;
}

/** Does what the clock says, for one task: settles the phases in the engine, contrasts their ends, updates. */
export class TaskLearner {
  private readonly equilibria = new Map<number, Float64Array>();
  private readonly buffers = new Map<string, Float64Array>();
  /** d/dtheta of the augmented loss at the end of each phase, where the network has meta-weights. */
  private readonly metaGradients = new Map<number, Float64Array>();
  /** What was replayed last in the present phase. */
  private replayed: Batch | null = null;
  private readonly phases: PhaseEndEvent[] = [];
  private metaGradient: Record<string, Float64Array> = {};
  private loss = { train: Number.NaN, heldOut: Number.NaN };
  private steps = 0;
  private stepsBefore = 0;
  private residual = Number.NaN;
  private converged = false;
  private moved = false;

  constructor(private readonly options: TaskLearnerOptions) {}

  /** Whether the phase has settled, so that the clock may end it. */
  get feedback(): Feedback {
    return { settled: this.converged };
  }

  /** Whether the slow variables have moved, so that the task may no longer be given up. */
  get updated(): boolean {
    return this.moved;
  }

  /** What replay brings into a nudged phase. */
  get heldOut(): Batch {
    return this.options.task.heldOut;
  }

  result(): TaskResult {
    const { loss, equilibria, phases, metaGradient } = this;
    return { loss, equilibria, phases, metaGradient };
  }

  async perform(tick: Tick, replayed: Replayed | null): Promise<void> {
    switch (tick.kind) {
      case 'task-start':
        await this.writeSlowVariables();
        this.options.population.values(this.options.population.model.fast).set(this.options.start);
        return this.tell({ ...tick, taskName: this.options.task.name });
      case 'phase-start':
        await this.startPhase(tick.beta);
        return this.tell({ ...tick, taskName: this.options.task.name });
      case 'step':
        return this.step(tick, replayed);
      case 'phase-end':
        return this.endPhase(tick);
      case 'meta-update':
        return this.endTask(tick);
      case 'task-end':
        return this.tell({ ...tick, taskName: this.options.task.name });
    }
  }

  private tell(event: SimulationEvent): void {
    this.options.listener.next(event);
  }

  private phase(beta: number): Required<PhaseSettings> {
    return beta === 0 ? this.options.rule.free : this.options.rule.nudged;
  }

  private async writeSlowVariables(): Promise<void> {
    const { session, slow } = this.options;
    for (const [variable, values] of Object.entries(slow)) await session.write(variable, values);
  }

  private async startPhase(beta: number): Promise<void> {
    const { session, population, rule, start } = this.options;
    const keep = beta !== 0 && rule.optimizerState === 'keep';
    await session.write(population.model.fast, beta === 0 ? start : this.equilibria.get(0)!);
    for (const buffer of this.phase(beta).optimizer.buffers) {
      const kept = keep ? this.buffers.get(buffer) : undefined;
      await session.write(buffer, kept ?? new Float64Array(population.size));
    }
    this.stepsBefore = keep ? this.phases[0]!.steps : 0;
    this.steps = 0;
    this.converged = false;
    await this.syncFast();
  }

  private async step(tick: StepTick, replayed: Replayed | null): Promise<void> {
    const { session, task } = this.options;
    const { optimizer, tolerance } = this.phase(tick.beta);
    const settled = await session.settle({
      inner: optimizer,
      beta: tick.beta,
      steps: tick.count,
      stepsTaken: this.stepsBefore + this.steps,
      train: task.train,
      replay: replayed?.batch ?? null,
      tolerance,
    });
    this.steps += settled.steps;
    this.replayed = replayed?.batch ?? null;
    this.residual = settled.residual;
    this.converged = settled.converged;
    if (settled.diverged) {
      const phase = tick.beta === 0 ? 'free' : 'nudged';
      const moment = { task: task.name, phase, beta: tick.beta, step: this.steps };
      throw new DivergenceError(
        moment,
        settled.residual,
        divergenceAdvice(tick.beta, optimizer.settings.rate),
      );
    }
    await this.syncFast();
    this.tell({ ...tick, count: settled.steps, taskName: task.name, residual: settled.residual });
  }

  private async endPhase({
    task,
    phase,
    beta,
  }: {
    task: number;
    phase: number;
    beta: number;
  }): Promise<void> {
    const { session, population, task: data } = this.options;
    this.equilibria.set(beta, population.values(population.model.fast).slice());
    if (this.hasMetaWeights) this.metaGradients.set(beta, await this.augmentedMetaGradient(beta));
    if (beta === 0) {
      for (const buffer of this.phase(0).optimizer.buffers)
        this.buffers.set(buffer, await session.read(buffer));
      const [train, heldOut] = [await session.evaluate(data.train), await session.evaluate(data.heldOut)];
      this.loss = { train: train.loss, heldOut: heldOut.loss };
    }
    const { steps, residual, converged } = this;
    const { tolerance } = this.phase(beta);
    const event = {
      kind: 'phase-end',
      task,
      taskName: data.name,
      phase,
      beta,
      steps,
      residual,
      tolerance,
      converged,
    } as const;
    this.phases.push(event);
    this.tell(event);
  }

  private async endTask({ task }: { task: number }): Promise<void> {
    const { population, slow, rule, rules, update } = this.options;
    const { terms } = rule.estimator;
    this.metaGradient = contrast(population.model, terms, this.equilibria, slow, rules);
    if (this.hasMetaWeights) {
      this.metaGradient[metaWeights] = contrastGradients(terms, this.metaGradients, rules);
    }
    update?.(this.metaGradient);
    this.moved = update !== null;
    const { metaGradient } = this;
    this.tell({ kind: 'meta-update', task, taskName: this.options.task.name, metaGradient });
  }

  private get hasMetaWeights(): boolean {
    return metaWeights in this.options.slow;
  }

  /** d/dtheta of the augmented loss at the end of a phase: L_in's, and beta times L_out's on what was replayed. */
  private async augmentedMetaGradient(beta: number): Promise<Float64Array> {
    const { session, task } = this.options;
    const gradient = await session.metaGradient(task.train);
    if (beta === 0 || this.replayed === null) return gradient;
    const outer = await session.metaGradient(this.replayed);
    return gradient.map((value, i) => value + beta * outer[i]!);
  }

  private async syncFast(): Promise<void> {
    const { session, population } = this.options;
    const { fast } = population.model;
    population.values(fast).set(await session.read(fast));
  }
}
