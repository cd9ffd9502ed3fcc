import { ofLength } from '../../core/checks';
import type { Batch } from '../../data/batch';
import { checkBatchFits, type Network } from '../../network/network';
import { checkQuantities } from '../../synapse/bind-quantities';
import { bindKernel } from '../../synapse/plain-executor';
import type { Rule } from '../../synapse/rule';
import type { Scalars } from '../../synapse/rule-executor';
import {
  checkSettleRequest,
  divergenceNorm,
  type Evaluation,
  type Session,
  type Settled,
  type SettleRequest,
} from '../engine';
import { layerArithmetic, lossArithmetic } from './arithmetic-table';
import { NetworkPass } from './network-pass';

/** Each call runs one kernel over all synapses. */
type BoundRule = readonly ((scalars: Scalars) => void)[];

/** How many batches' work arrays are kept; beyond that the one used longest ago is dropped. */
const keptPasses = 4;

/** The float64 session: state in plain arrays, one step at a time, as the equations read. */
export class ReferenceSession implements Session {
  readonly engine = 'reference';
  private readonly state = new Map<string, Float64Array>();
  private readonly gradientValues: Float64Array;
  private readonly direction: Float64Array;
  private readonly product: Float64Array;
  private readonly passes = new Map<Batch, NetworkPass>();
  private readonly bound = new Map<Rule, BoundRule>();
  /** Adds the penalty's gradient to the data's. */
  private readonly pull: BoundRule;
  /** What `gradientValues` was last computed for; null once anything has changed. */
  private fresh: { train: Batch; replay: Batch | null; beta: number } | null = null;

  constructor(private readonly network: Network) {
    network.layers.forEach(layerArithmetic);
    lossArithmetic(network.loss);
    for (const variable of [network.synapse.fast, ...network.synapse.meta]) this.variable(variable);
    [this.gradientValues, this.direction, this.product] = [this.zeros(), this.zeros(), this.zeros()];
    this.pull = this.bindRule(network.synapse.pull, this.quantities([]));
  }

  async read(variable: string): Promise<Float64Array> {
    return this.variable(variable).slice();
  }

  async write(variable: string, values: ArrayLike<number>): Promise<void> {
    ofLength(variable, values, this.network.size);
    this.variable(variable).set(values);
    this.fresh = null;
  }

  async settle(request: SettleRequest): Promise<Settled> {
    const { inner, beta, steps, stepsTaken, train, replay, tolerance } = request;
    checkSettleRequest(request);
    const quantities = this.quantities(inner.buffers);
    checkQuantities(inner.rule, quantities, inner.scalarsAt(stepsTaken + 1));
    const step = this.bindRule(inner.rule, quantities);
    let residual = this.augmentedGradient(train, replay, beta);
    for (let taken = 0; ; taken++) {
      const diverged = !(residual <= divergenceNorm);
      const converged = tolerance > 0 && residual <= tolerance;
      if (diverged || converged || taken === steps) return { residual, steps: taken, converged, diverged };
      const scalars = inner.scalarsAt(stepsTaken + taken + 1);
      for (const write of step) write(scalars);
      this.fresh = null;
      residual = this.augmentedGradient(train, replay, beta);
    }
  }

  async evaluate(batch: Batch): Promise<Evaluation> {
    return this.pass(batch).evaluate();
  }

  async gradient(batch: Batch): Promise<Float64Array> {
    this.fresh = null;
    this.gradientValues.fill(0);
    this.pass(batch).addGradient(1);
    return this.gradientValues.slice();
  }

  async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    ofLength('vector', vector, this.network.size);
    this.fresh = null;
    this.direction.set(vector);
    this.product.fill(0);
    this.pass(batch).addHessianVector();
    return this.product.slice();
  }

  async close(): Promise<void> {
    this.passes.clear();
  }

  /** Computes d/dphi of L(train) + R + beta L(replay) into `gradientValues`; returns its norm. */
  private augmentedGradient(train: Batch, replay: Batch | null, beta: number): number {
    const { fresh, gradientValues } = this;
    const current = fresh?.train === train && fresh.replay === replay && fresh.beta === beta;
    if (!current) {
      gradientValues.fill(0);
      this.pass(train).addGradient(1);
      if (beta !== 0 && replay !== null) this.pass(replay).addGradient(beta);
      for (const write of this.pull) write({});
      this.fresh = { train, replay, beta };
    }
    let sum = 0;
    for (let i = 0; i < gradientValues.length; i++) sum += gradientValues[i]! * gradientValues[i]!;
    return Math.sqrt(sum);
  }

  private pass(batch: Batch): NetworkPass {
    let pass = this.passes.get(batch);
    if (pass === undefined) {
      checkBatchFits(this.network, batch, 'batch');
      const phi = this.variable(this.network.synapse.fast);
      pass = new NetworkPass(this.network, batch, phi, this.gradientValues, this.direction, this.product);
    }
    this.passes.delete(batch);
    this.passes.set(batch, pass);
    if (this.passes.size > keptPasses) this.passes.delete(this.passes.keys().next().value!);
    return pass;
  }

  /** What a rule may read and write: `value` is the fast variable. */
  private quantities(buffers: readonly string[]): Record<string, Float64Array> {
    const { fast, meta } = this.network.synapse;
    const quantities: Record<string, Float64Array> = {
      gradient: this.gradientValues,
      value: this.variable(fast),
    };
    for (const name of [fast, ...meta, ...buffers]) quantities[name] = this.variable(name);
    return quantities;
  }

  /** The rule's kernels bound to this session's arrays. */
  private bindRule(rule: Rule, quantities: Record<string, Float64Array>): BoundRule {
    let bound = this.bound.get(rule);
    if (bound === undefined) {
      bound = rule.steps.map(({ writes, kernel }) => bindKernel(kernel, quantities, quantities[writes]!));
      this.bound.set(rule, bound);
    }
    return bound;
  }

  private variable(name: string): Float64Array {
    let values = this.state.get(name);
    if (values === undefined) {
      values = this.zeros();
      this.state.set(name, values);
    }
    return values;
  }

  private zeros(): Float64Array {
    return new Float64Array(this.network.size);
  }
}
