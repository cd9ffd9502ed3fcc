import { yieldToEventLoop } from '../core/yield-to-event-loop';
import type { Batch } from '../data/batch';
import { multiplications } from '../network/multiplications';
import type { Network } from '../network/network';
import type { Evaluation, Session, Settled, SettleRequest } from './engine';
import type { EvaluateOptions } from './evaluate-options';
import { SessionDelegate } from './session-delegate';

/**
 * A session whose work is done in this thread, in slices of some tens of milliseconds at the most, with the event loop turned in between:
 * however long a phase, and however many products of a Hessian are asked for, timers and signals are heard. A phase in slices has the same
 * bits as in one piece, which every engine is held to.
 */
export class PausingSession extends SessionDelegate {
  private readonly perSample: number;

  /**
   * @param sliceWork Multiplications of steps that take some tens of milliseconds together. A fixed number, and no clock, so that
   * every run does the same.
   */
  constructor(
    session: Session,
    network: Network,
    private readonly sliceWork: number,
  ) {
    super(session);
    this.perSample = multiplications(network);
  }

  override async settle(request: SettleRequest): Promise<Settled> {
    const most = this.stepsOfSlice(request);
    if (!(request.steps > most)) return paused(await super.settle(request));
    let settled: Settled | null = null;
    let taken = 0;
    while (settled === null || !(settled.converged || settled.diverged || taken === request.steps)) {
      settled = await super.settle({
        ...request,
        steps: Math.min(most, request.steps - taken),
        stepsTaken: request.stepsTaken + taken,
        firstResidual: settled?.firstResidual ?? request.firstResidual,
      });
      taken += settled.steps;
      await yieldToEventLoop();
    }
    return { ...settled, steps: taken };
  }

  override async evaluate(batch: Batch, options?: EvaluateOptions): Promise<Evaluation> {
    return paused(await super.evaluate(batch, options));
  }

  override async gradient(batch: Batch): Promise<Float64Array> {
    return paused(await super.gradient(batch));
  }

  override async metaGradient(batch: Batch): Promise<Float64Array> {
    return paused(await super.metaGradient(batch));
  }

  protected override async through<T>(work: () => Promise<T>): Promise<T> {
    return paused(await super.through(work));
  }

  protected override async observed<T>(what: string, look: () => Promise<T>): Promise<T> {
    return paused(await super.observed(what, look));
  }

  override async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    return paused(await super.hessianVector(batch, vector));
  }

  private stepsOfSlice({ train, replay }: SettleRequest): number {
    const samples = train.samples + (replay?.samples ?? 0);
    return Math.max(1, Math.floor(this.sliceWork / (samples * this.perSample)));
  }
}

async function paused<Result>(result: Result): Promise<Result> {
  await yieldToEventLoop();
  return result;
}
