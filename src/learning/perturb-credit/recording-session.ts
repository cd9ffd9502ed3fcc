import type { Batch } from '../../data/batch';
import type { InnerStep, Session, Settled, SettleRequest } from '../../engine/engine';
import { SessionDelegate } from '../../engine/session-delegate';

/** What every synapse saw of one batch: [samples][synapses], or [samples] of what all are given alike. */
interface Seen {
  readonly samples: number;
  readonly weight: number;
  readonly activity: Readonly<Record<string, Float64Array>>;
}

/** What every synapse saw in one inner step. */
interface RecordedStep {
  readonly inner: InnerStep;
  /** Counted from 1, as the optimiser does. */
  readonly number: number;
  readonly seen: readonly Seen[];
}

/** What every synapse saw in one phase of a task. */
export interface RecordedPhase {
  readonly steps: RecordedStep[];
}

/** A session that takes phases step by step, which gives the same bits, and writes down what synapses see of their neurons before each. */
export class RecordingSession extends SessionDelegate {
  readonly phases: RecordedPhase[] = [];

  constructor(
    session: Session,
    private readonly fast: string,
  ) {
    super(session);
  }

  /** A phase begins where phi is written. */
  override write(variable: string, values: ArrayLike<number>): Promise<void> {
    if (variable === this.fast) this.phases.push({ steps: [] });
    return super.write(variable, values);
  }

  override async settle(request: SettleRequest): Promise<Settled> {
    const { inner, train, replay, beta } = request;
    let taken = 0;
    for (let firstResidual = request.firstResidual; ; ) {
      const seen = [await this.see(train, 1)];
      if (beta !== 0) seen.push(await this.see(replay!, beta));
      const number = request.stepsTaken + taken + 1;
      const one = { steps: Math.min(1, request.steps), stepsTaken: number - 1, firstResidual };
      const settled = await super.settle({ ...request, ...one });
      if (settled.steps > 0) this.phases.at(-1)!.steps.push({ inner, number, seen });
      taken += settled.steps;
      firstResidual = settled.firstResidual;
      if (settled.converged || settled.diverged || taken === request.steps)
        return { ...settled, steps: taken };
    }
  }

  private async see(batch: Batch, weight: number): Promise<Seen> {
    return { samples: batch.samples, weight, activity: await this.session.activity!(batch) };
  }
}
