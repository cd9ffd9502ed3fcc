import type { GPU, Input } from 'gpu.js';
import { ofLength } from '../../core/checks';
import { RecentlyUsed } from '../../core/recently-used';
import type { Batch } from '../../data/batch';
import type { ParameterRole } from '../../network/layer';
import { checkBatchFits, type Network } from '../../network/network';
import { runningStatistics } from '../../network/running-statistics';
import { checkQuantities } from '../../synapse/check-quantities';
import { cannotRun } from '../../synapse/compile-for-gpu';
import {
  checkSettleRequest,
  divergenceBound,
  type Evaluation,
  endsWithResidual,
  metaWeights,
  type Session,
  type Settled,
  type SettleRequest,
} from '../engine';
import { checkBatchStatistics, type EvaluateOptions } from '../evaluate-options';
import { lossArithmetic } from '../reference/loss-table';
import { DeviceBatches } from './device-batch';
import { kernelMaker } from './kernel-maker';
import { numberSchedule } from './number-schedule';
import { type Handles, Plan, type PlanReport, type PlanResults, type PlanValues } from './plan';
import { type BatchSizes, PlanWriter } from './plan-writer';

/** Steps that a plan takes in one launch. A phase is cut into the largest that fit. */
const chunkSizes = [64, 8, 1];

/** Plans that are kept compiled: some phases, each in chunks of these sizes. */
const keptPlans = 32;

export interface SessionOptions {
  readonly gpu: GPU;
  readonly Input: typeof Input;
  /** Whether plans in WebAssembly may use several threads. */
  readonly threads: boolean;
  /** Hears what ran a plan, each time that one has run. */
  readonly report: (report: PlanReport) => void;
}

/** What the gradient of the fast variable was worked out for. */
interface Objective {
  readonly train: Batch;
  readonly replay: Batch | null;
  readonly beta: number;
}

/**
 * The float32 session of GPU.js. A chunk of steps is one plan: the state crosses to the device, all steps run there, the
 * state and the residual after each step come back. Where a phase ends within a chunk, the chunk is taken again up to there,
 * which gives the same bits.
 */
export class GpujsSession implements Session {
  readonly engine = 'gpujs';
  private readonly state = new Map<string, Float32Array>();
  private readonly plans = new RecentlyUsed<string, Plan>(keptPlans);
  private readonly batches: DeviceBatches;
  private readonly writer: PlanWriter;
  private readonly checked = new WeakSet<Batch>();
  /** Rules have no names of their own that would tell them apart. */
  private readonly ruleNumbers = new Map<object, number>();
  /** The gradient of the fast variable and its squared norm; null once anything has changed. */
  private fresh: { objective: Objective; gradient: Float32Array; squared: number } | null = null;

  constructor(
    private readonly network: Network,
    private readonly options: SessionOptions,
  ) {
    const { gpu } = options;
    this.batches = new DeviceBatches(options.Input, gpu.mode);
    this.writer = new PlanWriter(network, gpu.mode, kernelMaker(gpu));
    for (const variable of [network.synapse.fast, ...network.synapse.meta]) this.variable(variable);
  }

  async read(variable: string): Promise<Float64Array> {
    return Float64Array.from(this.variable(variable));
  }

  async write(variable: string, values: ArrayLike<number>): Promise<void> {
    ofLength(variable, values, this.sizeOf(variable));
    this.state.set(variable, Float32Array.from(values));
    this.fresh = null;
  }

  async settle(request: SettleRequest): Promise<Settled> {
    const { inner, beta, steps, stepsTaken, train, tolerance } = request;
    checkSettleRequest(request);
    checkQuantities(inner.rule, this.quantities(inner.buffers), inner.scalarsAt(stepsTaken + 1));
    const replay = beta === 0 ? null : request.replay;
    const objective = { train, replay, beta };
    for (const batch of [train, request.replay]) if (batch !== null) this.check(batch);
    const { firstResidual = Math.sqrt((await this.augmentedGradient(objective)).squared) } = request;
    const bound = divergenceBound(firstResidual);
    const judge = (squared: number) => {
      const residual = Math.sqrt(squared);
      return {
        ...{ residual, firstResidual },
        converged: tolerance > 0 && residual <= tolerance,
        diverged: !(residual <= bound && residual < Infinity),
      };
    };
    let last = steps;
    let beforeLast = Number.NaN;
    for (let taken = 0; ; ) {
      if (taken === steps && !endsWithResidual(request)) return { ...judge(beforeLast), steps };
      const { squared } = await this.augmentedGradient(objective);
      const judged = judge(squared);
      if (judged.converged || judged.diverged || taken === steps) return { ...judged, steps: taken };
      const count = chunkSizes.find((size) => size <= last - taken)!;
      const { changed, gradient, history } = await this.chunk(request, objective, taken, count);
      const after = (step: number) => judge(history[count - step]!);
      let end = 1;
      while (end < count && !after(end).converged && !after(end).diverged) end++;
      last = end < count ? taken + end : last;
      if (end < count) continue;
      for (const [name, values] of changed) this.state.set(name, values);
      this.fresh = { objective, gradient, squared: history[0]! };
      beforeLast = count > 1 ? history[1]! : squared;
      taken += count;
    }
  }

  async evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation> {
    checkBatchStatistics(this.engine, this.network, options);
    this.check(batch);
    const { samples, y } = batch;
    const values = { ...this.vectors(), ...this.batches.values('train', batch, 1) };
    const results = await this.run(`outputs ${samples}`, values, (on) => this.writer.outputs(on, samples));
    // Of a wide texture each sample comes as a list of one row.
    const rows = (results['the outputs'] as (Float32Array | Float32Array[])[]).flat();
    const outputs = Float64Array.from(rows.flatMap((row) => [...row]));
    // The outputs have come back anyway; their loss in float64 is the reference engine's.
    return { loss: lossArithmetic(this.network.loss).forward(outputs, y, samples, null), outputs };
  }

  async gradient(batch: Batch): Promise<Float64Array> {
    return this.gradientBy('fast', batch);
  }

  async metaGradient(batch: Batch): Promise<Float64Array> {
    return this.gradientBy('meta', batch);
  }

  async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    ofLength('vector', vector, this.network.size);
    this.check(batch);
    const { samples } = batch;
    const values = {
      ...this.vectors(),
      ...this.batches.values('train', batch, 1),
      'the zeros': new Float32Array(this.network.size),
      'the direction': Float32Array.from(vector),
      'the meta direction': new Float32Array(Math.max(this.network.meta.size, 1)),
      'the input tangent': this.batches.still(batch),
    };
    const results = await this.run(`Hessian ${samples}`, values, (on) =>
      this.writer.hessianVector(on, samples),
    );
    return Float64Array.from(results['the product'] as Float32Array);
  }

  async close(): Promise<void> {
    for (const plan of this.plans.clear()) await plan.destroy();
    await this.options.gpu.destroy();
  }

  private async gradientBy(role: ParameterRole, batch: Batch): Promise<Float64Array> {
    this.check(batch);
    const size = role === 'fast' ? this.network.size : this.network.meta.size;
    if (size === 0) return new Float64Array(0);
    const { samples } = batch;
    const data = this.batches.values('train', batch, 1);
    const values = { ...this.vectors(), ...data, 'the zeros': new Float32Array(size) };
    const key = `gradient ${role} ${samples}`;
    const results = await this.run(key, values, (on) => this.writer.gradient(on, role, samples));
    return Float64Array.from(results.gradient as Float32Array);
  }

  /** d/dphi of L(train) + R + beta L(replay), worked out where it is not there already. */
  private async augmentedGradient(
    objective: Objective,
  ): Promise<{ gradient: Float32Array; squared: number }> {
    const { fresh } = this;
    const { train, replay, beta } = objective;
    const there = fresh?.objective;
    if (fresh !== null && there?.train === train && there.replay === replay && there.beta === beta)
      return fresh;
    const values = { ...this.settlingValues(objective, []), 'the history': new Float32Array(1) };
    const sizes = sizesOf(objective);
    const key = `augmented gradient ${keyOf(sizes)}`;
    const results = await this.run(key, values, (on) => this.writer.augmentedGradient(on, sizes));
    const gradient = results.gradient as Float32Array;
    this.fresh = { objective, gradient, squared: (results['the history'] as Float32Array)[0]! };
    return this.fresh;
  }

  /** Takes steps without keeping them; `history` holds the squared norm behind each, the last one first. */
  private async chunk(
    { inner, stepsTaken }: SettleRequest,
    objective: Objective,
    taken: number,
    count: number,
  ) {
    const { gradient } = await this.augmentedGradient(objective);
    const first = stepsTaken + taken + 1;
    const scalars = Array.from({ length: count }, (_, step) => inner.scalarsAt(first + step));
    const { changing, values: numbers } = numberSchedule(
      'rule',
      this.writer.rules.lowered(inner.rule),
      scalars,
    );
    const sizes = sizesOf(objective);
    const values = {
      ...this.settlingValues(objective, inner.buffers),
      ...numbers,
      gradient,
      'the history': new Float32Array(count),
    };
    const key = `${count} steps of rule ${this.numberOf(inner.rule)}, ${changing}, ${keyOf(sizes)}`;
    const results = await this.run(key, values, (on) => this.writer.steps(on, count, inner, changing, sizes));
    const written = this.writer.rules.writesOf(inner.rule).filter((name) => name !== 'gradient');
    const changed = written.map((name) => [name, results[name] as Float32Array] as const);
    return {
      changed,
      gradient: results.gradient as Float32Array,
      history: results['the history'] as Float32Array,
    };
  }

  private async run(
    key: string,
    values: PlanValues,
    write: (values: Handles) => Handles,
  ): Promise<PlanResults> {
    const { gpu, threads, report } = this.options;
    let plan = this.plans.get(key);
    if (plan === undefined) {
      plan = new Plan(gpu, Object.keys(values), threads, write);
      await this.plans.set(key, plan)?.destroy();
    }
    try {
      const results = await plan.run(values);
      report(plan.report);
      return results;
    } catch (error) {
      throw cannotRun(`a plan of the network (${key})`, gpu.mode, error);
    }
  }

  private settlingValues({ train, replay, beta }: Objective, buffers: readonly string[]): PlanValues {
    const { meta } = this.network.synapse;
    const own = [...meta, ...buffers].map((name) => [name, this.variable(name)]);
    return {
      ...Object.fromEntries(own),
      ...this.vectors(),
      ...numberSchedule('pull', this.writer.rules.lowered(this.network.synapse.pull), [{}]).values,
      'the zeros': new Float32Array(this.network.size),
      ...this.batches.values('train', train, 1),
      ...(replay === null ? {} : this.batches.values('replay', replay, beta)),
    };
  }

  /** The flat vectors of parameters. */
  private vectors(): PlanValues {
    const { fast } = this.network.synapse;
    const meta = this.network.meta.size === 0 ? {} : { [metaWeights]: this.variable(metaWeights) };
    return { [fast]: this.variable(fast), ...meta };
  }

  /** What a rule may read and write, to be checked: `value` is the fast variable. */
  private quantities(buffers: readonly string[]): Record<string, Float64Array> {
    const { fast, meta } = this.network.synapse;
    const anything = new Float64Array(this.network.size);
    return Object.fromEntries(
      ['gradient', 'value', fast, ...meta, ...buffers].map((name) => [name, anything]),
    );
  }

  private check(batch: Batch): void {
    if (this.checked.has(batch)) return;
    checkBatchFits(this.network, batch, 'batch');
    this.checked.add(batch);
  }

  private numberOf(rule: object): number {
    const number = this.ruleNumbers.get(rule) ?? this.ruleNumbers.size;
    this.ruleNumbers.set(rule, number);
    return number;
  }

  private variable(name: string): Float32Array {
    if (name === runningStatistics)
      checkBatchStatistics(this.engine, this.network, { statistics: 'running' });
    let values = this.state.get(name);
    if (values === undefined) {
      values = new Float32Array(this.sizeOf(name));
      this.state.set(name, values);
    }
    return values;
  }

  private sizeOf(name: string): number {
    return name === metaWeights ? this.network.meta.size : this.network.size;
  }
}

const sizesOf = ({ train, replay }: Objective): BatchSizes => ({
  train: train.samples,
  replay: replay?.samples ?? null,
});

const keyOf = ({ train, replay }: BatchSizes): string => `${train} and ${replay} samples`;
