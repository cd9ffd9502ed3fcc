import { DivergenceError } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import { Subject } from '../../src/core/rxjs-parts';
import type { Batch } from '../../src/data/batch';
import { countRight } from '../../src/data/count-right';
import type { Engine, InnerStep, Session, SettleRequest } from '../../src/engine/engine';
import type { SimulationEvent } from '../../src/learning/events';
import { LearnedVariables } from '../../src/learning/learned-variables';
import type { Network } from '../../src/network/network';
import type { Population } from '../../src/synapse/population';
import type { Rule } from '../../src/synapse/rule';
import type { Quantities, RuleExecutor, Scalars } from '../../src/synapse/rule-executor';
import type { Recordable } from '../../src/trace/recorder';

export interface SequentialNetworkOptions {
  readonly network: Network;
  readonly engine: Engine;
  readonly rules: RuleExecutor;
  /** What each synapse keeps beside the variables of its model. */
  readonly buffers: readonly string[];
  readonly initial?: Readonly<Record<string, number>>;
  readonly seed: number;
  /** Minibatches that one look at the synapses stands for. */
  readonly stride: number;
}

/**
 * The synapses of a network that goes through task after task. While minibatches are learned, their values are in the engine; between chunks of them, they are at hand in
 * `values`, where rules of consolidation change them, and from where they can be saved.
 */
export class SequentialNetwork implements Recordable {
  readonly events$ = new Subject<SimulationEvent>();
  readonly stride: number;
  /** Which minibatch of which task is learned, for errors. */
  moment = { task: 'none', step: 0 };
  private readonly learned: LearnedVariables;
  private readonly buffers: Readonly<Record<string, Float64Array>>;
  private opened: Session | null = null;
  /** Whether the engine has the values that are at hand. */
  private isLoaded = false;

  constructor(private readonly options: SequentialNetworkOptions) {
    const { network, seed, initial = {}, stride } = options;
    const { anchor } = network.synapse;
    this.stride = stride;
    this.learned = new LearnedVariables(network, new RandomStreams(seed).stream('init'));
    this.learned.set(initial);
    if (anchor !== null) this.population.set(anchor, this.learned.fast);
    this.buffers = Object.fromEntries(options.buffers.map((name) => [name, new Float64Array(network.size)]));
  }

  get population(): Population {
    return this.learned.population;
  }

  /** The fast variable's name. */
  get fast(): string {
    return this.population.model.fast;
  }

  /** Live arrays of the slow variables; whoever writes to them says so by `changed`. */
  get slow(): Quantities {
    return this.learned.slow;
  }

  /** Of every variable and buffer. */
  get values(): Readonly<Record<string, Float64Array>> {
    return { [this.fast]: this.learned.fast, ...this.learned.slow, ...this.buffers };
  }

  /** The engine, with the values at hand. */
  async session(): Promise<Session> {
    this.opened ??= await this.options.engine.open(this.options.network);
    if (this.isLoaded) return this.opened;
    for (const [name, values] of Object.entries(this.values)) await this.opened.write(name, values);
    this.isLoaded = true;
    return this.opened;
  }

  /** One step on one minibatch, and on replayed images beside it. @throws DivergenceError where the gradient leaves every bound. */
  async step(
    inner: InnerStep,
    train: Batch,
    { beta = 0, replay = null }: Partial<Pick<SettleRequest, 'beta' | 'replay'>> = {},
  ): Promise<void> {
    const session = await this.session();
    const once = { inner, beta, steps: 1, stepsTaken: 0, train, replay, tolerance: 0, residualAtEnd: false };
    const { diverged, residual } = await session.settle(once);
    if (!diverged) return;
    const phase = beta === 0 ? 'free' : 'nudged';
    throw new DivergenceError({ ...this.moment, phase, beta }, residual, 'Lower the rate');
  }

  /** Brings all values here, from the engine. */
  async fetch(): Promise<void> {
    const session = await this.session();
    for (const [name, values] of Object.entries(this.values)) values.set(await session.read(name));
  }

  /** Runs a rule on the values at hand; `value` is the fast variable. */
  apply(rule: Rule, scalars: Scalars = {}): void {
    this.options.rules.run(rule, { ...this.values, value: this.learned.fast }, scalars);
    this.changed();
  }

  /** Sets one variable of all synapses. */
  set(name: string, values: Float64Array): void {
    this.values[name]!.set(values);
    this.changed();
  }

  /** Says that values at hand are no longer those of the engine. */
  changed(): void {
    this.isLoaded = false;
  }

  /** Share of images that are told right by weights of these values. */
  async accuracy(weights: Float64Array, images: Iterable<Batch>): Promise<number> {
    const session = await this.session();
    await session.write(this.fast, weights);
    this.isLoaded = false;
    let [right, count] = [0, 0];
    for (const slice of images) {
      right += countRight((await session.evaluate(slice)).outputs, slice);
      count += slice.samples;
    }
    return right / count;
  }

  /** Says that a task has been consolidated. */
  taskEnded(task: number): void {
    const taskName = this.moment.task;
    this.events$.next({ kind: 'meta-update', task, tasks: 1, taskName, metaGradient: {}, moves: null });
  }

  save(): Record<string, Float64Array> {
    return this.values;
  }

  restore(saved: Readonly<Record<string, ArrayLike<number>>>): void {
    for (const [name, values] of Object.entries(this.values)) values.set(saved[name]!);
    this.isLoaded = false;
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }
}
