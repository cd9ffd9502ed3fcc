import { z } from 'zod';
import { emitWarning } from '../core/emit-warning';
import { aFunction, validate } from '../core/validate';
import type { TaskHost, TaskLink } from '../learning/workers/task-host';
import { type AddressOptions, addressWarnings, type QueueAddress, queueAddress } from './address';
import type { Exchange } from './exchange';
import { removeAbandoned } from './remove-abandoned';

/** How workers elsewhere are reached. */
export interface QueueHostOptions extends AddressOptions {
  /** Shows people a line. Default: Node's own `process.emitWarning`. */
  readonly say?: (line: string) => void;
}

/** Workers elsewhere, who take tasks from a queue. To be closed. */
export interface QueueHost extends TaskHost {
  /** Returns when nothing is left of it on the server. */
  close(): Promise<void>;
}

const optionsSchema = z.looseObject({ say: aFunction<(line: string) => void>().optional() });

/**
 * Has tasks learned by the processes that `metaplast worker --queue URL` starts, on any machine that reaches the server: as `host` of a StreamLearner. The numbers
 * are those of one machine, bit for bit.
 * @param url `redis://HOST:PORT`, `rediss://`, or `postgres://USER@HOST:PORT/DATABASE`; the password in the environment variable METAPLAST_QUEUE_PASSWORD.
 * @throws InputError where the address is not legal; MetaplastError, within 10 seconds, where the server cannot be used.
 */
export async function queueHost(url: string, options: QueueHostOptions = {}): Promise<QueueHost> {
  const { say = emitWarning, ...how } = validate(optionsSchema, options, 'the options of queueHost');
  const address = queueAddress(url, how);
  for (const line of addressWarnings(address)) say(line);
  return hostAt(address, say);
}

/** The same, by an address that was read before. */
export async function hostAt(address: QueueAddress, say: (line: string) => void): Promise<QueueHost> {
  const { openExchange } = await import('./open-exchange');
  const exchange: Exchange = await openExchange(address, say);
  await removeAbandoned(exchange);
  const links = new Set<TaskLink>();
  return {
    inWords: `workers of the queue at ${address.shown}`,
    async connect(learner) {
      const { QueueLink } = await import('./queue-link');
      const link = await QueueLink.open(exchange, learner);
      links.add(link);
      return link;
    },
    async close() {
      for (const link of links) await link.close();
      await removeAbandoned(exchange);
      await exchange.close();
    },
  };
}
