import type { Exchange } from './exchange';
import { offerKeys, queueKeys, queueNameOf } from './keys';

/** Removes queues that runs have left behind which died. Their values go by themselves. */
export async function removeAbandoned(exchange: Exchange): Promise<void> {
  const queues = await exchange.store.announced(queueKeys);
  // Asked for behind them: a run announces its offer before its queue.
  const offers = await exchange.store.announced(offerKeys);
  for (const key of queues.keys()) {
    const id = key.slice(queueKeys.length);
    if (offers.has(offerKeys + id)) continue;
    await exchange.removeQueue(queueNameOf(id));
    await exchange.store.remove([key]);
  }
}
