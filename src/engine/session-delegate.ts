import type { Batch } from '../data/batch';
import type { Evaluation, Session, Settled, SettleRequest } from './engine';
import type { EvaluateOptions } from './evaluate-options';

/** A session that passes everything on to another one: the base of those that do something besides. */
export class SessionDelegate implements Session {
  constructor(protected readonly session: Session) {}

  get engine(): string {
    return this.session.engine;
  }

  read(variable: string): Promise<Float64Array> {
    return this.session.read(variable);
  }

  write(variable: string, values: ArrayLike<number>): Promise<void> {
    return this.session.write(variable, values);
  }

  settle(request: SettleRequest): Promise<Settled> {
    return this.session.settle(request);
  }

  evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation> {
    return this.session.evaluate(batch, options);
  }

  gradient(batch: Batch): Promise<Float64Array> {
    return this.session.gradient(batch);
  }

  metaGradient(batch: Batch): Promise<Float64Array> {
    return this.session.metaGradient(batch);
  }

  hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    return this.session.hessianVector(batch, vector);
  }

  /** Whatever the session has, through `through`. */
  get crossProduct(): Session['crossProduct'] {
    const { session } = this;
    if (session.crossProduct === undefined) return undefined;
    return (batch, vector) => this.through(() => session.crossProduct!(batch, vector));
  }

  get relax(): Session['relax'] {
    const { session } = this;
    if (session.relax === undefined) return undefined;
    return (batch, options) => this.observed('relax', () => session.relax!(batch, options));
  }

  get activity(): Session['activity'] {
    const { session } = this;
    if (session.activity === undefined) return undefined;
    return (batch) => this.observed('activity', () => session.activity!(batch));
  }

  /** What is done around a look at neurons, by the name of the method. */
  protected observed<T>(_what: string, look: () => Promise<T>): Promise<T> {
    return look();
  }

  /** What is done around a product that only some engines have. */
  protected through<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
