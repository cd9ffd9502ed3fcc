import type { QueueAddress } from './address';
import { bullExchange } from './bull-exchange';
import type { Exchange } from './exchange';
import { Patience } from './patience';

/**
 * Connects to a queue's server.
 * @param say shows people a line, as when the server cannot be reached for a time
 * @throws MetaplastError within 10 seconds where it cannot be done: wrong password, no such host, nobody there.
 */
export async function openExchange(address: QueueAddress, say: (line: string) => void): Promise<Exchange> {
  const patience = new Patience(address.shown, say);
  const backend =
    address.kind === 'redis'
      ? await (await import('./redis-exchange')).redisBackend(address, patience)
      : await (await import('./postgres-exchange')).postgresBackend(address, patience);
  return bullExchange(backend);
}
