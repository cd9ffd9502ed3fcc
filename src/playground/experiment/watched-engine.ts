import { checkNotInterrupted } from '../../core/interruption';
import type { Batch } from '../../data/batch';
import type { Engine, Settled, SettleRequest } from '../../engine/engine';
import { SessionDelegate } from '../../engine/session-delegate';

/** What was done since the last report. */
export type Heard = (done: { readonly steps: number; readonly products: number }) => void;

/** Reports every chunk of steps and every Hessian-vector product, and stops between two of them. */
class WatchedSession extends SessionDelegate {
  constructor(
    session: SessionDelegate['session'],
    private readonly hear: Heard,
    private readonly signal: AbortSignal | undefined,
  ) {
    super(session);
  }

  override async settle(request: SettleRequest): Promise<Settled> {
    checkNotInterrupted(this.signal);
    const settled = await super.settle(request);
    this.hear({ steps: settled.steps, products: 0 });
    return settled;
  }

  override async hessianVector(batch: Batch, vector: Float64Array): Promise<Float64Array> {
    checkNotInterrupted(this.signal);
    const product = await super.hessianVector(batch, vector);
    this.hear({ steps: 0, products: 1 });
    return product;
  }
}

/** The same engine, whose work somebody watches. */
export const watchedEngine = (engine: Engine, hear: Heard, signal?: AbortSignal): Engine => ({
  name: engine.name,
  probe: () => engine.probe(),
  open: async (network) => new WatchedSession(await engine.open(network), hear, signal),
});
