import { ofLength, wholeNumber } from '../../../core/checks';
import { joined } from '../../../core/joined';
import { norm } from '../../../core/norm';
import type { Batch } from '../../../data/batch';
import type { Network } from '../../../network/network';
import { neuronChain } from '../../../network/neuron-chain';
import type { Relaxation, RelaxOptions, Settled, SettleRequest } from '../../engine';
import { checkCreditRule } from '../../reference/credit/check-credit-rule';
import type { Machine } from '../machine/machine';
import { SimdSession, unpadded } from '../simd-session';
import type { JobQueue } from '../threads/job';
import { creditKernels } from './credit-table';

/** Relative step of the difference by which products with the Hessian are found: the two errors, of rounding to float32 and of the third derivative, are then equal. */
const relativeStep = Math.cbrt(2 ** -23);

/** A session whose gradients come from neurons and synapses that see no more than their own: kernels of a backward pass are not reached from here. */
export class LocalSession extends SimdSession {
  /** @throws InputError where the network, its loss or its credit has no kernels here. */
  constructor(network: Network, machine: Machine, queue?: JobQueue) {
    neuronChain(network, network.credit.kind);
    creditKernels(network.credit);
    checkCreditRule(network);
    super(network, machine, queue);
  }

  override async settle(request: SettleRequest): Promise<Settled> {
    const settled = await super.settle(request);
    this.checkSettled();
    return settled;
  }

  override async gradient(batch: Batch): Promise<Float64Array> {
    this.fresh = null;
    const pass = this.passes.local(batch);
    await this.run('local gradient', batch, () => pass.gradient(1, false));
    this.checkSettled();
    return unpadded(this.vectors.fast.gradient, this.network.size);
  }

  /** By a central difference of the gradient along the vector: of random feedback it is that of a field that is no gradient. */
  override async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    const { size } = this.network;
    ofLength('vector', vector, size);
    const length = norm(Float64Array.from(vector));
    if (length === 0) return new Float64Array(size);
    const { values } = this.vectors.fast.values;
    const here = unpadded(this.vectors.fast.values, size);
    const step = (relativeStep * Math.max(1, norm(here))) / length;
    const slopeAt = (distance: number): Promise<Float64Array> => {
      for (let i = 0; i < size; i++) values[i] = here[i]! + distance * vector[i]!;
      return this.gradient(batch);
    };
    try {
      const ahead = await slopeAt(step);
      const behind = await slopeAt(-step);
      return ahead.map((value, i) => (value - behind[i]!) / (2 * step));
    } finally {
      values.set(here);
    }
  }

  /** @throws InputError where `every` is no whole number above 0; UnstableNeuronsError where neurons have no state. */
  async relax(batch: Batch, { every }: RelaxOptions = {}): Promise<Relaxation> {
    if (every !== undefined) wholeNumber('every', every, 1);
    const pass = this.passes.local(batch);
    const { neurons } = pass;
    const { watched, sweeps } = neurons;
    const frames: { sweep: number; states: Float64Array }[] = [];
    const frame = (sweep: number): void => {
      if (every === undefined || sweep % every !== 0) return;
      frames.push({ sweep, states: joined(watched.states(sweep)) });
    };
    watched.first.before();
    await this.run('beginning', batch, () => {
      pass.begin();
      watched.first.kernels();
    });
    watched.first.after();
    frame(0);
    for (let k = 1; k <= sweeps; k++) {
      await this.run(k === 1 ? 'first sweep' : 'sweep', batch, () => neurons.sweep(k === 1));
      frame(k);
    }
    watched.last.before();
    await this.run('end', batch, () => watched.last.kernels());
    this.checkSettled();
    return { residual: watched.last.after(), frames };
  }

  protected override get careful(): boolean {
    const { credit } = this.network;
    return creditKernels(credit).mayFail(credit, this.network);
  }

  /** A gradient that was none is not kept. @throws UnstableNeuronsError */
  private checkSettled(): void {
    const error = this.passes.trouble.taken(this.network.credit);
    if (error === null) return;
    this.fresh = null;
    throw error;
  }
}
