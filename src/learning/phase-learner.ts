import type { Observer } from 'rxjs';
import type { Replayed } from '../clock/replay';
import type { Feedback } from '../clock/schedule';
import type { StepTick, SweepTick, Tick } from '../clock/tick';
import { DivergenceError, InputError } from '../core/errors';
import type { Batch } from '../data/batch';
import type { Relaxation, Session } from '../engine/engine';
import type { Network } from '../network/network';
import { runningStatistics } from '../network/running-statistics';
import type { Population } from '../synapse/population';
import type { Minibatch, Task } from '../tasks/task';
import type { PhaseSettings } from './contrastive';
import type { PhaseToTry } from './diverged-phase';
import { divergenceAdvice } from './divergence-advice';
import type { PhaseEndEvent, SimulationEvent } from './events';
import type { NeuralCourse, NeuronLayer } from './neural-course';
import { atMoment, type UnstablePhase } from './neuron-advice';
import { keptBuffers } from './prepare-session';

export interface PhaseLearnerOptions {
  readonly network: Network;
  /** Where it learns; holds the slow variables already. */
  readonly session: Session;
  /** Where its phi is shown. */
  readonly population: Population;
  readonly task: Task;
  readonly settings: Required<PhaseSettings>;
  /** phi where the phase begins. */
  readonly start: Float64Array;
  /** What the optimiser has kept from an earlier phase, and after how many steps; empty where it starts afresh. */
  readonly kept: { readonly buffers: ReadonlyMap<string, Float64Array>; readonly steps: number };
  /** Whether the gradient of whole meta-weights is wanted at the phase's end. */
  readonly metaWeights: boolean;
  /** Whether the running statistics of batch norm are wanted at the phase's end. */
  readonly statistics: boolean;
  /** Inner steps of the task before this phase, by which minibatches go on. */
  readonly stepsBefore: number;
  readonly listener: Pick<Observer<SimulationEvent>, 'next'>;
  /** What is reported of neurons, as the clock tells it. Default: nothing. */
  readonly neural?: NeuralCourse | undefined;
}

/** What the clock says of a phase. */
export type PhaseTick = Extract<Tick, { kind: 'phase-start' | 'sweep' | 'step' | 'phase-end' }>;

/** What a phase left behind. */
export interface PhaseOutcome {
  readonly end: PhaseEndEvent;
  /** phi. */
  readonly equilibrium: Float64Array;
  /** What the optimiser and the credit's rule keep between steps, by name; empty behind a nudged phase, from which none goes on. */
  readonly buffers: ReadonlyMap<string, Float64Array>;
  /** d/dtheta of the augmented loss; null where it was not wanted. */
  readonly metaGradient: Float64Array | null;
  /** The running statistics of batch norm; undefined where they were not wanted. */
  readonly runningStatistics: Float64Array | undefined;
}

/** Does what the clock says, for one phase: lets phi settle in the engine. */
export class PhaseLearner {
  /** What was replayed last. */
  private replayed: Batch | null = null;
  /** What was learned from last. */
  private trained: Batch | null = null;
  /** How neurons settle that are being reported. */
  private frames: Relaxation['frames'] = [];
  private phi: Float64Array = new Float64Array(0);
  private steps = 0;
  private residual = Number.NaN;
  /** Where the phase began; undefined before its first step. */
  private firstResidual: number | undefined;
  private converged = false;
  private left: PhaseOutcome | null = null;

  constructor(private readonly options: PhaseLearnerOptions) {}

  /** Whether the phase has settled, so that the clock may end it. */
  get feedback(): Feedback {
    return { settled: this.converged };
  }

  /** What replay brings into the next step. */
  get heldOut(): Batch {
    return this.samples.heldOut;
  }

  /** What the next step learns from. */
  private get samples(): Minibatch {
    const { task, stepsBefore } = this.options;
    return task.minibatch?.(stepsBefore + this.steps) ?? task;
  }

  /** After the phase's end. */
  get outcome(): PhaseOutcome {
    return this.left!;
  }

  async perform(tick: PhaseTick, replayed: Replayed | null): Promise<void> {
    switch (tick.kind) {
      case 'phase-start':
        return this.begin(tick);
      case 'sweep':
        return this.sweep(tick);
      case 'step':
        return this.step(tick, replayed);
      case 'phase-end':
        return this.end(tick);
    }
  }

  private async begin(tick: Extract<Tick, { kind: 'phase-start' }>): Promise<void> {
    const { task, listener } = this.options;
    await this.restart();
    await this.syncFast();
    listener.next({ ...tick, taskName: task.name });
  }

  /** Puts phi and the optimiser's buffers where the phase begins. */
  private async restart(): Promise<void> {
    const { network, session, population, start, settings, kept } = this.options;
    await session.write(population.model.fast, start);
    const { first = {} } = settings.optimizer;
    for (const buffer of keptBuffers(network, settings.optimizer)) {
      await session.write(
        buffer,
        kept.buffers.get(buffer) ?? first[buffer] ?? new Float64Array(population.size),
      );
    }
  }

  private async step(tick: StepTick, replayed: Replayed | null): Promise<void> {
    const { session, task, settings, kept, listener } = this.options;
    const { optimizer, tolerance, residualAtEnd } = settings;
    const { train } = this.samples;
    this.trained = train;
    this.replayed = replayed?.batch ?? null;
    const request = {
      inner: optimizer,
      beta: tick.beta,
      steps: tick.count,
      stepsTaken: kept.steps + this.steps,
      train,
      replay: this.replayed,
      tolerance,
      firstResidual: this.firstResidual,
      residualAtEnd,
    };
    const settled = await this.neuronsIn(tick.beta, () => session.settle(request), tick.count);
    this.steps += settled.steps;
    this.residual = settled.residual;
    this.firstResidual = settled.firstResidual;
    this.converged = settled.converged;
    if (settled.diverged) throw await this.divergence(tick.beta);
    await this.syncFast();
    if (!residualAtEnd && !this.phi.every(Number.isFinite)) {
      this.residual = Number.NaN; // of where it is now
      throw await this.divergence(tick.beta);
    }
    listener.next({ ...tick, count: settled.steps, taskName: task.name, residual: settled.residual });
  }

  private async divergence(beta: number): Promise<DivergenceError> {
    const { steps, residual, firstResidual } = this;
    const { moment, ...phase } = this.toTry(beta);
    const advice = await divergenceAdvice({ ...phase, firstResidual: firstResidual!, residual });
    return new DivergenceError({ ...moment, step: steps }, residual, advice);
  }

  /** The phase as it was, for changes to be tried in. */
  private toTry(beta: number): PhaseToTry & Pick<UnstablePhase, 'moment'> {
    const { network, session, task, settings, kept } = this.options;
    return {
      ...{ network, session, train: task.train, replay: this.replayed, beta, optimizer: settings.optimizer },
      ...{ stepsBefore: kept.steps, budget: settings.steps },
      moment: { task: task.name, phase: beta === 0 ? 'free' : 'nudged', beta },
      restart: () => this.restart(),
    };
  }

  /**
   * Does what has neurons settle, in the course of so many steps.
   * @throws UnstableNeuronsError where they do not, which says when.
   */
  private async neuronsIn<Result>(beta: number, work: () => Promise<Result>, count = 0): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const again = this.options.task.minibatch === undefined ? count : 0;
      throw await atMoment(error, { ...this.toTry(beta), taken: this.steps, count: again });
    }
  }

  /** Reports neurons as they are behind one sweep. They settle anew for each batch; phi and everything else stay as they are. */
  private async sweep(tick: SweepTick): Promise<void> {
    const { session, task, neural, listener } = this.options;
    const { layers, stride } = neural!;
    const { train, heldOut } = this.samples;
    // What is replayed is only looked at here: learning has it from the replay stream alone.
    const batch = tick.on === 'train' ? train : heldOut;
    if (tick.sweep === 0) {
      if (session.relax === undefined) throw showsNoNeurons(session);
      ({ frames: this.frames } = await this.neuronsIn(tick.beta, () =>
        session.relax!(batch, { every: stride }),
      ));
    }
    const { states } = this.frames[tick.sweep / stride]!;
    const { samples } = batch;
    listener.next({ ...tick, taskName: task.name, samples, states: byLayer(states, samples, layers) });
  }

  /** Of the neurons, on what was learned from last; undefined where none settle, or where it would cost as much as a nudged phase of few steps. */
  private async neuralResidual(beta: number): Promise<number | undefined> {
    const { network, session, settings } = this.options;
    if (!network.credit.settles || session.relax === undefined || this.trained === null) return undefined;
    if (beta !== 0 && !settings.residualAtEnd) return undefined;
    return (await this.neuronsIn(beta, () => session.relax!(this.trained!))).residual;
  }

  private async end({ task, phase, beta }: Extract<Tick, { kind: 'phase-end' }>): Promise<void> {
    const { network, session, settings, metaWeights, statistics, listener } = this.options;
    const { steps, residual, converged } = this;
    const { optimizer, tolerance } = settings;
    const moment = { kind: 'phase-end', task, taskName: this.options.task.name, phase, beta } as const;
    const neuralResidual = await this.neuralResidual(beta);
    const ofNeurons = neuralResidual === undefined ? {} : { neuralResidual };
    const end = { ...moment, steps, residual, tolerance, converged, ...ofNeurons };
    const buffers = new Map<string, Float64Array>();
    const names = beta === 0 ? keptBuffers(network, optimizer) : [];
    for (const buffer of names) buffers.set(buffer, await session.read(buffer));
    this.left = {
      ...{ end, buffers },
      equilibrium: this.phi,
      metaGradient: metaWeights ? await this.augmentedMetaGradient(beta) : null,
      runningStatistics: statistics ? await session.read(runningStatistics) : undefined,
    };
    listener.next(end);
  }

  /** d/dtheta of the augmented loss at the end of the phase: L_in's, and beta times L_out's on what was replayed. */
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
    this.phi = await session.read(fast);
    population.values(fast).set(this.phi);
  }
}

/** The states of all neurons, layer after layer, each [samples][neurons]. */
function byLayer(states: Float64Array, samples: number, layers: readonly NeuronLayer[]): Float64Array[] {
  let first = 0;
  return layers.map(({ neurons }) => {
    const end = first + samples * neurons;
    const own = states.slice(first, end);
    first = end;
    return own;
  });
}

const showsNoNeurons = ({ engine }: Session): InputError =>
  new InputError({
    what: 'Sweeps of neurons are to be reported, and the engine does not show them',
    got: engine,
    advice: 'Take the engine reference, or leave sweepStride out',
  });
