import type { Batch } from '../data/batch';
import type { Evaluation, Session, Settled, SettleRequest } from './engine';

/** What a session was asked to work out. */
export interface Work {
  /** Gradients of a loss on one batch, by phi or by theta. A nudged step takes two: training data and replayed data. */
  gradients: number;
  /** Hessian-vector products, each of which costs about two gradients. */
  hessianVectors: number;
}

/** A session that counts the work that it passes on, so that methods can be compared by more than seconds. */
export class CountedSession implements Session {
  readonly work: Work = { gradients: 0, hessianVectors: 0 };

  constructor(private readonly session: Session) {}

  get engine(): string {
    return this.session.engine;
  }

  read(variable: string): Promise<Float64Array> {
    return this.session.read(variable);
  }

  write(variable: string, values: ArrayLike<number>): Promise<void> {
    return this.session.write(variable, values);
  }

  async settle(request: SettleRequest): Promise<Settled> {
    const settled = await this.session.settle(request);
    this.work.gradients += settled.steps * (request.beta === 0 ? 1 : 2);
    return settled;
  }

  evaluate(batch: Batch): Promise<Evaluation> {
    return this.session.evaluate(batch);
  }

  gradient(batch: Batch): Promise<Float64Array> {
    this.work.gradients++;
    return this.session.gradient(batch);
  }

  metaGradient(batch: Batch): Promise<Float64Array> {
    this.work.gradients++;
    return this.session.metaGradient(batch);
  }

  hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    this.work.hessianVectors++;
    return this.session.hessianVector(batch, vector);
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/** Whoever holds a session that counts. */
interface Counted {
  readonly session: CountedSession;
}

/** What was worked out in all sessions so far. */
export function workOf(sessions: readonly Counted[]): Work {
  const sum = (of: keyof Work) => sessions.reduce((total, { session }) => total + session.work[of], 0);
  return { gradients: sum('gradients'), hessianVectors: sum('hessianVectors') };
}

export function workSince(before: Work, sessions: readonly Counted[]): Work {
  const { gradients, hessianVectors } = workOf(sessions);
  return {
    gradients: gradients - before.gradients,
    hessianVectors: hessianVectors - before.hessianVectors,
  };
}
