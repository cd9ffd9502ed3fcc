import { SerialQueue } from '../core/serial-queue';
import type { Batch } from '../data/batch';
import type { Evaluation, Settled, SettleRequest } from './engine';
import type { EvaluateOptions } from './evaluate-options';
import { SessionDelegate } from './session-delegate';

/**
 * A session that does one thing after the other, in the order in which they are asked for, whoever asks: its arrays never change
 * under what runs. Every engine gives its sessions out like this.
 */
export class SerialSession extends SessionDelegate {
  private readonly queue = new SerialQueue('The session');

  override read(variable: string): Promise<Float64Array> {
    return this.queue.add('read', () => super.read(variable));
  }

  override write(variable: string, values: ArrayLike<number>): Promise<void> {
    const given = this.kept(values);
    return this.queue.add('write', () => super.write(variable, given));
  }

  override settle(request: SettleRequest): Promise<Settled> {
    return this.queue.add('settle', () => super.settle(request));
  }

  override evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation> {
    return this.queue.add('evaluate', () => super.evaluate(batch, options));
  }

  override gradient(batch: Batch): Promise<Float64Array> {
    return this.queue.add('gradient', () => super.gradient(batch));
  }

  override metaGradient(batch: Batch): Promise<Float64Array> {
    return this.queue.add('metaGradient', () => super.metaGradient(batch));
  }

  override hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    const given = this.kept(vector);
    return this.queue.add('hessianVector', () => super.hessianVector(batch, given));
  }

  protected override through<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.add('crossProduct', work);
  }

  protected override observed<T>(what: string, look: () => Promise<T>): Promise<T> {
    return this.queue.add(what, () => super.observed(what, look));
  }

  /** Waits for what runs, then gives back what the session holds. A second time it does nothing. */
  override close(): Promise<void> {
    return this.queue.close(() => super.close());
  }

  /** The numbers as they are now: where they have to wait, the caller may have changed them by then. */
  private kept<Values extends ArrayLike<number>>(values: Values): Values | Float64Array {
    return this.queue.busy ? Float64Array.from(values) : values;
  }
}
