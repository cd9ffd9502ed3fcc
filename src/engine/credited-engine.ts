import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import { type Credit, creditSchema } from '../network/credit/credit';
import { type Network, withCredit } from '../network/network';
import type { Engine } from './engine';
import { engineSchema } from './engine-schema';

/** An engine whose networks, whatever they are, take their credit from one source. */
export interface CreditedEngine extends Engine {
  readonly credit: Credit;
}

/**
 * The same engine for any network, but with another source of credit: what uses it need not know which.
 * @throws InputError, when a network is opened, where the source has no arithmetic for it.
 */
export function creditedEngine(engine: Engine, credit: Credit): CreditedEngine {
  validate(engineSchema, engine, 'the engine');
  validate(creditSchema, credit, 'the credit');
  const { openSideBySide } = engine;
  return madeBy('src/engine/credited-engine', 'creditedEngine', [engine, credit], {
    name: engine.name,
    credit,
    probe: () => engine.probe(),
    open: (network: Network) => engine.open(withCredit(network, credit)),
    openSideBySide:
      openSideBySide &&
      ((network, ...how) => openSideBySide.call(engine, withCredit(network, credit), ...how)),
  } satisfies CreditedEngine);
}
