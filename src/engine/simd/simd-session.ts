import { ofLength } from '../../core/checks';
import type { Batch } from '../../data/batch';
import type { ParameterRole } from '../../network/layer';
import type { Network } from '../../network/network';
import { runningLayout, runningStatistics } from '../../network/running-statistics';
import { checkQuantities } from '../../synapse/check-quantities';
import {
  checkSettleRequest,
  type Evaluation,
  endsWithResidual,
  metaWeights,
  type Session,
  type Settled,
  type SettleRequest,
} from '../engine';
import { askedStatistics, type EvaluateOptions } from '../evaluate-options';
import { layerKernels, lossKernels } from './kernel-tables';
import type { Machine } from './machine/machine';
import { Allocation, type Vector } from './machine/shared-memory';
import { BatchPasses } from './passes/batch-passes';
import { DataGradient } from './passes/data-gradient';
import type { RoleVectors } from './passes/simd-pass';
import { type BoundPass, RuleBinder } from './rule-binder';
import type { SettlingEnd } from './settling';
import { SimdStatistics } from './simd-statistics';
import { StepNumbers } from './step-numbers';
import type { DataStage, Definition, JobQueue } from './threads/job';
import { ProgramRecorder } from './threads/program';
import { ThisThread } from './threads/this-thread';

/** What a session has to give back. */
interface Held {
  readonly queue: JobQueue;
  readonly allocation: Allocation;
}

/** Gives it back, once nothing works there any more. */
async function giveBack({ queue, allocation }: Held): Promise<void> {
  await queue.close();
  allocation.close();
}

/** Sessions that nobody closed give back what they hold when they are collected. */
const forgotten = new FinalizationRegistry<Held>((held) => void giveBack(held));

/** The float32 session: state in the shared memory, kernels four numbers at a time, rules fused into one pass. */
export class SimdSession implements Session {
  readonly engine = 'simd';
  private readonly allocation: Allocation;
  private readonly held: Held;
  private readonly state = new Map<string, Vector>();
  protected readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  protected readonly passes: BatchPasses;
  private readonly data: DataGradient;
  private readonly statistics: SimdStatistics;
  private readonly rules: RuleBinder;
  /** Writes down what is to be run. */
  private readonly recorder = new ProgramRecorder();
  /** What the queue knows, and under which number: passes, and programs by where they find their batches. */
  private readonly known = new Map<BoundPass | string, number>();
  /** The stages of the data's gradient, by where it finds its batches, so that no chunk of steps works them out again. */
  private readonly stages = new Map<string, readonly DataStage[]>();
  private readonly stepNumbers = new StepNumbers();
  /** What the gradient of the fast variable, penalty included, was last computed for; null once anything has changed. */
  protected fresh: { train: Batch; replay: Batch | null; beta: number; residual: number } | null = null;

  constructor(
    protected readonly network: Network,
    private readonly machine: Machine,
    /** Where kernels run. */
    private readonly queue: JobQueue = new ThisThread(machine),
  ) {
    network.layers.forEach(layerKernels);
    lossKernels(network.loss);
    this.allocation = new Allocation(machine.memory);
    this.held = { queue, allocation: this.allocation };
    forgotten.register(this, this.held, this);
    const vectorsOf = (variable: string): RoleVectors => {
      const values = this.variable(variable);
      const zeros = () => this.allocation.vector(this.sizeOf(variable));
      return { values, gradient: zeros(), direction: zeros(), product: zeros() };
    };
    const { fast, meta } = network.synapse;
    this.vectors = { fast: vectorsOf(fast), meta: vectorsOf(metaWeights) };
    for (const variable of meta) this.variable(variable);
    const { vectors, allocation } = this;
    const { kernels, repeat } = this.recorder;
    const dropped = () => this.forgetPrograms();
    this.passes = new BatchPasses({ network, vectors, allocation, kernels, repeat, dropped });
    this.statistics = new SimdStatistics(network, allocation);
    this.data = new DataGradient(this.passes, this.statistics.noted);
    this.rules = new RuleBinder({
      ...{ machine, network, allocation },
      vector: (name) =>
        name === 'gradient' ? this.vectors.fast.gradient : this.variable(name === 'value' ? fast : name),
    });
  }

  async read(variable: string): Promise<Float64Array> {
    return unpadded(this.variable(variable), this.sizeOf(variable));
  }

  async write(variable: string, values: ArrayLike<number>): Promise<void> {
    ofLength(variable, values, this.sizeOf(variable));
    this.variable(variable).values.set(values);
    this.fresh = null;
  }

  async settle(request: SettleRequest): Promise<Settled> {
    checkSettleRequest(request);
    const { inner, stepsTaken, train, replay, beta } = request;
    checkQuantities(inner.rule, this.quantities(inner.buffers), inner.scalarsAt(stepsTaken + 1));
    const residual = this.isFresh(request) ? this.fresh!.residual : null;
    this.fresh = null;
    const end = await this.settleFrom(request, residual);
    if (endsWithResidual(request)) this.fresh = { train, replay, beta, residual: end.residual };
    return end;
  }

  async evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation> {
    const running = askedStatistics(options) === 'running';
    const pass = this.passes.whole(batch, { given: running ? this.statistics.running : 0 });
    await this.run(running ? 'running loss' : 'loss', batch, () => pass.evaluate());
    const { loss } = pass;
    const { pointer, width, stride } = pass.outputs;
    const padded = new Float32Array(this.machine.memory.memory.buffer, pointer, batch.samples * stride);
    const outputs = new Float64Array(batch.samples * width);
    for (let i = 0; i < outputs.length; i++)
      outputs[i] = padded[Math.floor(i / width) * stride + (i % width)]!;
    return { loss, outputs };
  }

  async gradient(batch: Batch): Promise<Float64Array> {
    return this.gradientBy('fast', batch);
  }

  async metaGradient(batch: Batch): Promise<Float64Array> {
    return this.gradientBy('meta', batch);
  }

  async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    const { size } = this.network;
    ofLength('vector', vector, size);
    this.fresh = null;
    const { direction, product } = this.vectors.fast;
    direction.values.set(vector);
    const pass = this.passes.whole(batch, { second: true });
    await this.run('curvature', batch, () => pass.hessianVector());
    return unpadded(product, size);
  }

  async close(): Promise<void> {
    forgotten.unregister(this);
    await giveBack(this.held);
    this.passes.clear();
  }

  /** Whether a gradient may turn out to be none, so that no step is taken before it is looked at. */
  protected get careful(): boolean {
    return false;
  }

  /** Runs a pass over a batch where kernels run. */
  protected async run(what: string, batch: Batch, work: () => void): Promise<void> {
    const define: Definition[] = [];
    const program = this.programOf(`${what} of ${this.passes.place(batch)}`, work, define);
    await this.queue.ask({ kind: 'run', define, program });
  }

  private async settleFrom(request: SettleRequest, residual: number | null): Promise<SettlingEnd> {
    const { inner, steps, stepsTaken, tolerance, firstResidual = null } = request;
    const { squares, pull } = this.rules;
    const [step, pulledStep] = [this.rules.step(inner.rule), this.rules.pulledStep(inner.rule)];
    // The pull reads no scalars, so that the two read the same numbers.
    const numbers = this.stepNumbers.of(inner, step, stepsTaken + 1, steps);
    const define: Definition[] = [];
    const known = {
      data: this.programsOf(request, define),
      averages: this.averagesOf(request, define),
      pull: this.numberOf(pull, define),
      step: this.numberOf(step, define),
      pulledStep: this.numberOf(pulledStep, define),
    };
    const residualAtEnd = endsWithResidual(request);
    const { careful } = this;
    const settling = { numbers, squares, steps, tolerance, residual, firstResidual, residualAtEnd, careful };
    return (await this.queue.ask({ kind: 'settle', define, ...known, ...settling })) as SettlingEnd;
  }

  /** The number under which the queue knows a pass; adds its definition where that is new. */
  private numberOf(pass: BoundPass, define: Definition[]): number {
    let id = this.known.get(pass);
    if (id === undefined) {
      id = this.queue.newNumber();
      this.known.set(pass, id);
      const { bytes, given, numbers } = pass;
      define.push({ id, pass: { bytes, given, numbers } });
    }
    return id;
  }

  /** The same for a program, which stays the same while batches take the same places. */
  private programOf(key: string, work: () => void, define: Definition[]): number {
    let id = this.known.get(key);
    if (id === undefined) {
      id = this.queue.newNumber();
      this.known.set(key, id);
      define.push({ id, program: this.recorder.record(work) });
    }
    return id;
  }

  /** The same for the gradient of the data, which is one program where nothing is to be shared out. */
  private programsOf(request: SettleRequest, define: Definition[]): readonly DataStage[] {
    const { train, replay, beta } = request;
    const nudged = beta !== 0 && replay !== null;
    const places = [train, ...(nudged ? [replay] : [])].map((batch) => this.passes.place(batch));
    const key = `${places.join()} ${nudged ? beta : 0}`;
    let stages = this.stages.get(key);
    if (stages === undefined) {
      stages = this.recordStages(request, key, define);
      this.stages.set(key, stages);
    }
    return stages;
  }

  private recordStages(request: SettleRequest, key: string, define: Definition[]): readonly DataStage[] {
    const numberOf = (what: string, work: () => void): number =>
      this.programOf(`${what} of ${key}`, work, define);
    const stages = this.data.stages(request);
    if (stages.every(({ parts }) => parts.length === 1)) {
      const whole = (): void => {
        for (const { parts, join } of stages) {
          parts[0]!();
          join?.();
        }
      };
      return [{ parts: [numberOf('whole', whole)], join: null }];
    }
    return stages.map(({ parts, join }, stage) => ({
      parts: parts.map((work, index) => numberOf(`part ${index} of stage ${stage}`, work)),
      join: join === null ? null : numberOf(`joining of stage ${stage}`, join),
    }));
  }

  /** The same for what each step that is taken does to the running statistics; null where there are none. */
  private averagesOf({ replay, beta }: SettleRequest, define: Definition[]): number | null {
    const { statistics } = this;
    if (statistics.running === 0) return null;
    const nudged = beta !== 0 && replay !== null;
    const work = () => statistics.runAlong(this.recorder.kernels, nudged);
    return this.programOf(`averages ${nudged ? 'nudged' : 'free'}`, work, define);
  }

  private isFresh({ train, replay, beta }: SettleRequest): boolean {
    const { fresh } = this;
    return fresh !== null && fresh.train === train && fresh.replay === replay && fresh.beta === beta;
  }

  private async gradientBy(role: ParameterRole, batch: Batch): Promise<Float64Array> {
    this.fresh = null;
    const { gradient } = this.vectors[role];
    const pass = this.passes.whole(batch);
    await this.run(`${role} gradient`, batch, () => pass.gradient(1, false, role));
    return unpadded(gradient, this.sizeOf(role === 'fast' ? this.network.synapse.fast : metaWeights));
  }

  /** Arrays that programs name may go to others. Their numbers never do: a job under way, or a helper, may still know them. */
  private forgetPrograms(): void {
    for (const key of this.known.keys()) if (typeof key === 'string') this.known.delete(key);
    this.stages.clear();
  }

  /** Arrays by name, of which the check of a rule reads names and lengths only. */
  private quantities(buffers: readonly string[]): Record<string, Float64Array> {
    const { fast, meta } = this.network.synapse;
    const any = new Float64Array(0);
    return Object.fromEntries(['gradient', 'value', fast, ...meta, ...buffers].map((name) => [name, any]));
  }

  private sizeOf(variable: string): number {
    if (variable === runningStatistics) return runningLayout(this.network).size;
    return variable === metaWeights ? this.network.meta.size : this.network.size;
  }

  private variable(name: string): Vector {
    if (name === runningStatistics) return this.statistics.values;
    let vector = this.state.get(name);
    if (vector === undefined) {
      vector = this.allocation.vector(this.sizeOf(name));
      this.state.set(name, vector);
    }
    return vector;
  }
}

/** A copy in float64, without the padding behind the last number. */
export function unpadded({ values }: Vector, size: number): Float64Array {
  return Float64Array.from(values.subarray(0, size));
}
