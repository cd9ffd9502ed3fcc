import { ofLength } from '../../core/checks';
import { RecentlyUsed } from '../../core/recently-used';
import type { Batch } from '../../data/batch';
import type { ParameterRole } from '../../network/layer';
import { checkBatchFits, type Network } from '../../network/network';
import { runningStatistics } from '../../network/running-statistics';
import { checkQuantities } from '../../synapse/check-quantities';
import type { Rule } from '../../synapse/rule';
import type { Scalars } from '../../synapse/rule-executor';
import { checkBuffers } from '../check-buffers';
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
import { askedStatistics, type EvaluateOptions } from '../evaluate-options';
import { type BindRule, type BoundRule, bindPlainly } from './bind-rule';
import { CreditBuffers } from './credit-buffers';
import type { GradientSource, OpenSource, RoleVectors } from './gradient-source';
import { RunningAverages } from './running-averages';

/** For how many numbers of samples work arrays are kept; beyond that those used longest ago are dropped. */
const keptPasses = 4;

/** The float64 session: state in plain arrays, one step at a time, as the equations read. */
export class ReferenceSession<Source extends GradientSource = GradientSource> implements Session {
  readonly engine: string = 'reference';
  private readonly state = new Map<string, Float64Array>();
  private readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  private readonly passes = new RecentlyUsed<number, Source>(keptPasses);
  private readonly checked = new WeakSet<Batch>();
  private readonly bound = new Map<Rule, BoundRule>();
  /** Adds the penalty's gradient to the data's. */
  private readonly pull: BoundRule;
  /** What the gradient of the fast variable was last computed for; null once anything has changed. */
  private fresh: { train: Batch; replay: Batch | null; beta: number } | null = null;

  private readonly running: RunningAverages;
  private readonly buffers: CreditBuffers;

  /** @param bindRules how rules are run: plainly, in float64, unless an engine brings another way */
  constructor(
    protected readonly network: Network,
    private readonly openSource: OpenSource<Source>,
    private readonly bindRules: BindRule = bindPlainly,
  ) {
    this.running = new RunningAverages(network);
    this.state.set(runningStatistics, this.running.values);
    for (const variable of [network.synapse.fast, ...network.synapse.meta]) this.variable(variable);
    const vectorsOf = (values: Float64Array): RoleVectors => {
      const zeros = () => new Float64Array(values.length);
      return { values, gradient: zeros(), direction: zeros(), product: zeros() };
    };
    this.vectors = {
      fast: vectorsOf(this.variable(network.synapse.fast)),
      meta: vectorsOf(this.variable(metaWeights)),
    };
    const { buffers = [] } = network.credit;
    this.buffers = new CreditBuffers(Object.fromEntries(buffers.map((name) => [name, this.variable(name)])));
    this.pull = this.bindRule(network.synapse.pull, this.quantities([]));
  }

  async read(variable: string): Promise<Float64Array> {
    return this.variable(variable).slice();
  }

  async write(variable: string, values: ArrayLike<number>): Promise<void> {
    const present = this.variable(variable);
    ofLength(variable, values, present.length);
    present.set(values);
    this.fresh = null;
  }

  async settle(request: SettleRequest): Promise<Settled> {
    const { inner, beta, steps, stepsTaken, train, replay, tolerance } = request;
    checkSettleRequest(request);
    checkBuffers(this.network, inner);
    const quantities = this.quantities(inner.buffers);
    checkQuantities(inner.rule, quantities, inner.scalarsAt(stepsTaken + 1));
    const step = this.bindRule(inner.rule, quantities);
    let residual = this.augmentedGradient(train, replay, beta);
    const { firstResidual = residual } = request;
    const bound = divergenceBound(firstResidual);
    let scalars: Scalars | undefined;
    for (let taken = 0; ; taken++) {
      const diverged = !(residual <= bound && residual < Infinity);
      const converged = tolerance > 0 && residual <= tolerance;
      const ended = { residual, steps: taken, converged, diverged, firstResidual };
      if (diverged || converged || taken === steps) return ended;
      scalars = inner.scalarsAt(stepsTaken + taken + 1, scalars);
      step(scalars);
      this.running.step();
      this.buffers.step();
      this.fresh = null;
      const isLast = taken + 1 === steps;
      if (isLast && !endsWithResidual(request)) return { ...ended, steps };
      residual = this.augmentedGradient(train, replay, beta);
    }
  }

  async evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation> {
    const statistics = askedStatistics(options);
    return this.pass(batch).evaluate(statistics === 'running' ? this.running : null);
  }

  async gradient(batch: Batch): Promise<Float64Array> {
    return this.gradientBy('fast', batch);
  }

  async metaGradient(batch: Batch): Promise<Float64Array> {
    return this.gradientBy('meta', batch);
  }

  async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    return this.secondDerivative('fast', batch, vector);
  }

  async crossProduct(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    return this.secondDerivative('meta', batch, vector);
  }

  async close(): Promise<void> {
    this.passes.clear();
  }

  /** d/d(parameters of the role) of dL/dphi along the vector. */
  private secondDerivative(role: ParameterRole, batch: Batch, vector: Float64Array): Float64Array {
    ofLength('vector', vector, this.network.size);
    this.fresh = null;
    this.vectors.fast.direction.set(vector);
    const { product } = this.vectors[role];
    product.fill(0);
    this.pass(batch).addHessianVector(role);
    return product.slice();
  }

  private gradientBy(role: ParameterRole, batch: Batch): Float64Array {
    this.fresh = null;
    const { gradient } = this.vectors[role];
    gradient.fill(0);
    this.buffers.begin();
    this.pass(batch).addGradient(1, role);
    return gradient.slice();
  }

  /** Computes d/dphi of L(train) + R + beta L(replay) into the fast gradient; returns its norm. */
  private augmentedGradient(train: Batch, replay: Batch | null, beta: number): number {
    const { fresh } = this;
    const { gradient } = this.vectors.fast;
    const current = fresh?.train === train && fresh.replay === replay && fresh.beta === beta;
    if (!current) {
      gradient.fill(0);
      this.running.clear();
      this.buffers.begin();
      this.addGradient(train, 1);
      if (beta !== 0 && replay !== null) this.addGradient(replay, beta);
      this.pull({});
      this.fresh = { train, replay, beta };
    }
    let sum = 0;
    for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!;
    return Math.sqrt(sum);
  }

  private addGradient(batch: Batch, weight: number): void {
    const pass = this.pass(batch);
    pass.addGradient(weight);
    this.running.note(pass);
  }

  protected pass(batch: Batch): Source {
    if (!this.checked.has(batch)) {
      checkBatchFits(this.network, batch, 'batch');
      this.checked.add(batch);
    }
    const { samples } = batch;
    let pass = this.passes.get(samples);
    if (pass === undefined) {
      pass = this.openSource({
        network: this.network,
        samples,
        vectors: this.vectors,
        quantities: { ...this.quantities([]), ...this.buffers.working },
        buffers: this.buffers,
      });
      this.passes.set(samples, pass);
    }
    return pass.use(batch);
  }

  /** What a rule may read and write: `value` is the fast variable. */
  private quantities(buffers: readonly string[]): Record<string, Float64Array> {
    const { fast, meta } = this.network.synapse;
    const quantities: Record<string, Float64Array> = {
      gradient: this.vectors.fast.gradient,
      value: this.variable(fast),
    };
    for (const name of [fast, ...meta, ...buffers]) quantities[name] = this.variable(name);
    return quantities;
  }

  /** The rule's kernels bound to this session's arrays. */
  private bindRule(rule: Rule, quantities: Record<string, Float64Array>): BoundRule {
    let bound = this.bound.get(rule);
    if (bound === undefined) {
      bound = this.bindRules(rule, quantities);
      this.bound.set(rule, bound);
    }
    return bound;
  }

  private variable(name: string): Float64Array {
    let values = this.state.get(name);
    if (values === undefined) {
      values = new Float64Array(name === metaWeights ? this.network.meta.size : this.network.size);
      this.state.set(name, values);
    }
    return values;
  }
}
