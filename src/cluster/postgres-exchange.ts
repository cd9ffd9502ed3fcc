import type { Client, Pool, PoolConfig } from 'pg';
import { type QueueAddress, tlsOptions } from './address';
import type { Backend } from './bull-exchange';
import type { Store } from './exchange';
import { firstConnection } from './first-connection';
import type { Patience } from './patience';

/** Milliseconds. */
const connectionTimeoutMillis = 5000;
/** Connections that each part keeps at the most. */
const max = 3;

/** Of many that begin at the same time, one makes the table; the number is of this program's own. */
const tableLock = 7_316_841;

/** PostgreSQL 13 or later. */
export async function postgresBackend(address: QueueAddress, patience: Patience): Promise<Backend> {
  const { Client, Pool } = (await import('pg')).default;
  const { createPostgresBackend } = await import('bullmq');
  const config = configOf(address);
  await firstConnection(address, async () => {
    const trial = new Client(config);
    trial.on('error', () => {}); // what it throws says the same
    try {
      await trial.connect();
      await makeTables(trial, address.name);
    } finally {
      void trial.end().catch(() => {});
    }
  });
  const pool = new Pool({ ...config, max });
  pool.on('error', (error) => patience.heard(error));
  return {
    shown: address.shown,
    store: new PostgresStore(pool, `"${address.name}".exchange`, patience),
    patience,
    // Events are numbered when they are written and seen when their transaction ends: one that ends after a later one is never seen (2 of 100, in BullMQ 6.7.0).
    missesEvents: true,
    // Locks are judged by each worker's own clock.
    async clockSkew() {
      const before = Date.now();
      const { rows } = await pool.query('SELECT extract(epoch FROM clock_timestamp())::float8 AS now');
      return (before + Date.now()) / 2000 - rows[0].now;
    },
    options: { connection: { ...config, max, schema: address.name } },
    factory: [createPostgresBackend],
    async removeRest(queue) {
      for (const table of ['event', 'meta'])
        await patience.keepTrying(() =>
          pool.query(`DELETE FROM "${address.name}".${table} WHERE queue = $1`, [queue]),
        );
    },
    async close() {
      patience.end();
      await pool.end();
    },
  };
}

function configOf({ host, port, user, password, database, tls }: QueueAddress): PoolConfig {
  return {
    host,
    port,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ssl: tls ? tlsOptions(host) : false,
    connectionTimeoutMillis,
    keepAlive: true,
    application_name: 'metaplast',
  };
}

/** Makes the tables of the queues and that of the values, where they are not there yet. Whoever only uses them needs no right to make any. */
async function makeTables(client: Client, name: string): Promise<void> {
  const { assertSchemaCompatibility, runMigrations, SchemaMigrationRequiredError } = await import('bullmq');
  try {
    await assertSchemaCompatibility(client, name);
  } catch (error) {
    if (!(error instanceof SchemaMigrationRequiredError)) throw error;
    await runMigrations(client, name);
  }
  await client.query('BEGIN');
  await client.query(`SELECT pg_advisory_xact_lock(${tableLock})`);
  const { rows } = await client.query(`SELECT to_regclass('"${name}".exchange') AS found`);
  if (rows[0].found === null) {
    await client.query(
      `CREATE TABLE "${name}".exchange (
         key text COLLATE "C" PRIMARY KEY, bytes bytea NOT NULL, expires timestamptz NOT NULL, announced boolean NOT NULL)`,
    );
  }
  await client.query('COMMIT');
}

class PostgresStore implements Store {
  constructor(
    private readonly pool: Pool,
    private readonly table: string,
    private readonly patience: Patience,
  ) {}

  put(key: string, bytes: Uint8Array, seconds: number): Promise<void> {
    return this.set(key, bytes, seconds, false);
  }

  async announce(key: string, bytes: Uint8Array, seconds: number): Promise<void> {
    await this.set(key, bytes, seconds, true);
    await this.query(`DELETE FROM ${this.table} WHERE expires <= now()`, []);
  }

  async get(keys: readonly string[]): Promise<(Buffer | null)[]> {
    if (keys.length === 0) return [];
    const rows = await this.query(
      `SELECT key, bytes FROM ${this.table} WHERE key = ANY($1) AND expires > now()`,
      [keys],
    );
    const found = new Map(rows.map(({ key, bytes }) => [key, bytes]));
    return keys.map((key) => found.get(key) ?? null);
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.query(`DELETE FROM ${this.table} WHERE key = ANY($1)`, [keys]);
  }

  async announced(beginning: string): Promise<ReadonlyMap<string, Buffer>> {
    const rows = await this.query(
      `SELECT key, bytes FROM ${this.table} WHERE starts_with(key, $1) AND announced AND expires > now() ORDER BY key`,
      [beginning],
    );
    return new Map(rows.map(({ key, bytes }) => [key, bytes]));
  }

  private async set(key: string, bytes: Uint8Array, seconds: number, announced: boolean): Promise<void> {
    await this.query(
      `INSERT INTO ${this.table} VALUES ($1, $2, now() + make_interval(secs => $3), $4)
       ON CONFLICT (key) DO UPDATE SET bytes = $2, expires = excluded.expires, announced = $4`,
      [key, Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength), seconds, announced],
    );
  }

  private async query(text: string, values: readonly unknown[]): Promise<{ key: string; bytes: Buffer }[]> {
    const { rows } = await this.patience.keepTrying(() => this.pool.query(text, [...values]));
    return rows;
  }
}
