import type { Batch } from '../data/batch';
import type { Settled, SettleRequest } from './engine';
import { SessionDelegate } from './session-delegate';

/** What a session was asked to work out. */
export interface Work {
  /** Gradients of a loss on one batch, by phi or by theta. A nudged step takes two: training data and replayed data. */
  gradients: number;
  /** Hessian-vector products, each of which costs about two gradients. */
  hessianVectors: number;
}

/** A session that counts the work that it passes on, so that methods can be compared by more than seconds. */
export class CountedSession extends SessionDelegate {
  readonly work: Work = { gradients: 0, hessianVectors: 0 };

  override async settle(request: SettleRequest): Promise<Settled> {
    const settled = await super.settle(request);
    this.work.gradients += settled.steps * (request.beta === 0 ? 1 : 2);
    return settled;
  }

  override gradient(batch: Batch): Promise<Float64Array> {
    this.work.gradients++;
    return super.gradient(batch);
  }

  override metaGradient(batch: Batch): Promise<Float64Array> {
    this.work.gradients++;
    return super.metaGradient(batch);
  }

  protected override through<T>(work: () => Promise<T>): Promise<T> {
    this.work.hessianVectors++;
    return super.through(work);
  }

  override hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    this.work.hessianVectors++;
    return super.hessianVector(batch, vector);
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
