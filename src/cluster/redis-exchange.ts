import type { Redis, RedisOptions } from 'ioredis';
import { type QueueAddress, tlsOptions } from './address';
import type { Backend } from './bull-exchange';
import type { Store } from './exchange';
import { firstConnection } from './first-connection';
import type { Patience } from './patience';

/** Milliseconds. */
const [connectTimeout, longestPause] = [5000, 2000];

/** Sets a value and notes in the index when it will be over, by the server's clock. */
const announceScript = `
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('ZADD', KEYS[2], redis.call('TIME')[1] + ARGV[3], ARGV[1])`;

/** The names of the index that are not over yet. */
const announcedScript = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', redis.call('TIME')[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)`;

/** Redis 6.2 or later, or what speaks its protocol. */
export async function redisBackend(address: QueueAddress, patience: Patience): Promise<Backend> {
  const { Redis } = await import('ioredis');
  const options = optionsOf(address);
  await firstConnection(address, async () => {
    // Tries once: an address that is wrong stays wrong.
    const trial = new Redis({
      ...options,
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    let failure: Error | null = null;
    trial.on('error', (error) => {
      failure ??= error;
    });
    try {
      await trial.connect();
      await trial.ping();
      if (failure !== null) throw failure; // of a database that is not there it goes on with another one
    } catch (error) {
      throw failure ?? error;
    } finally {
      trial.disconnect();
    }
  });
  const client = new Redis({ ...options, maxRetriesPerRequest: null, retryStrategy });
  client.on('error', (error) => patience.heard(error));
  const { name } = address;
  return {
    shown: address.shown,
    store: new RedisStore(client, name, patience),
    patience,
    missesEvents: false,
    // Locks are judged by the server's own clock.
    clockSkew: async () => 0,
    options: {
      connection: { ...options, maxRetriesPerRequest: null, retryStrategy },
      prefix: `${name}:queue`,
    },
    factory: [],
    async removeRest(_queue, keys) {
      await patience.keepTrying(() => client.unlink([...keys]));
    },
    async close() {
      patience.end();
      client.disconnect();
    },
  };
}

const retryStrategy = (times: number): number => Math.min(100 * times, longestPause);

function optionsOf({ host, port, user, password, database, tls }: QueueAddress): RedisOptions {
  return {
    host,
    port,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    db: Number(database ?? 0),
    connectTimeout,
    ...(tls ? { tls: tlsOptions(host) } : {}),
  };
}

class RedisStore implements Store {
  private readonly index: string;

  constructor(
    private readonly client: Redis,
    private readonly name: string,
    private readonly patience: Patience,
  ) {
    this.index = `${name}:index`;
  }

  async put(key: string, bytes: Uint8Array, seconds: number): Promise<void> {
    await this.keepTrying((client) => client.set(this.named(key), asBuffer(bytes), 'EX', seconds));
  }

  async get(keys: readonly string[]): Promise<(Buffer | null)[]> {
    if (keys.length === 0) return [];
    return this.keepTrying((client) => client.mgetBuffer(keys.map((key) => this.named(key))));
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.keepTrying((client) => client.unlink(keys.map((key) => this.named(key))));
    await this.keepTrying((client) => client.zrem(this.index, ...keys));
  }

  async announce(key: string, bytes: Uint8Array, seconds: number): Promise<void> {
    await this.keepTrying((client) =>
      client.eval(announceScript, 2, this.named(key), this.index, key, asBuffer(bytes), seconds),
    );
  }

  async announced(beginning: string): Promise<ReadonlyMap<string, Buffer>> {
    const names = await this.keepTrying((client) => client.eval(announcedScript, 1, this.index));
    const keys = (names as string[]).filter((key) => key.startsWith(beginning));
    const values = await this.get(keys);
    return new Map(keys.flatMap((key, i) => (values[i] == null ? [] : [[key, values[i]] as const])));
  }

  private named(key: string): string {
    return `${this.name}:${key}`;
  }

  private keepTrying<Result>(ask: (client: Redis) => Promise<Result>): Promise<Result> {
    return this.patience.keepTrying(() => ask(this.client));
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
