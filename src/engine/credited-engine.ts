import { madeBy } from '../core/origin';
import { validate } from '../core/validate';
import { type Credit, creditSchema } from '../network/credit/credit';
import { type Network, withCredit } from '../network/network';
import type { Engine } from './engine';
import { engineSchema } from './engine-schema';

/** The engine below, and the source of credit that it puts in place of a network's; null for one that leaves networks as they are. */
export function withoutCredit(engine: Engine): { readonly engine: Engine; readonly credit: Credit | null } {
  const { credit, uncredited } = engine;
  return credit === undefined || uncredited === undefined
    ? { engine, credit: null }
    : { engine: uncredited, credit };
}

/** The network as an engine takes it: with the credit that the engine gives to all of them, where it gives any. */
export function creditedNetwork(network: Network, engine: Engine | string): Network {
  const credit = typeof engine === 'string' ? undefined : engine.credit;
  return credit === undefined || credit === network.credit ? network : withCredit(network, credit);
}

/**
 * The same engine, but whatever network it opens takes its credit from one source: what uses the engine need not know which.
 * @throws InputError where it is no engine, or no source of credit; and, when a network is opened, where the source has no arithmetic for it.
 */
export function creditedEngine(given: Engine, credit: Credit): Engine {
  validate(engineSchema, given, 'the engine');
  validate(creditSchema, credit, 'the credit');
  // Of two sources the one that was given last counts.
  const { engine } = withoutCredit(given);
  const { openSideBySide } = engine;
  const credited: Engine = {
    name: engine.name,
    credit,
    uncredited: engine,
    probe: () => engine.probe(),
    open: (network: Network) => engine.open(withCredit(network, credit)),
    ...(openSideBySide && {
      openSideBySide: (network, ...how) => openSideBySide.call(engine, withCredit(network, credit), ...how),
    }),
  };
  return madeBy('src/engine/credited-engine', 'creditedEngine', [engine, credit], credited);
}
