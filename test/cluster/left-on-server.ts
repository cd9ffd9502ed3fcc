import Redis from 'ioredis';
import { Client } from 'pg';
import type { StartedServer } from './servers/started';

/** What keys, or rows of which tables, a server holds. */
export async function leftOn({ url }: StartedServer): Promise<string[]> {
  if (url.startsWith('redis')) {
    const client = new Redis(url);
    const keys = await client.keys('*');
    client.disconnect();
    return keys.sort();
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query(
    "select tablename as name from pg_tables where schemaname = 'metaplast' and tablename <> 'migration'",
  );
  const left: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query(`select * from metaplast."${name}"`);
    left.push(...rows.map((row) => `${name}: ${JSON.stringify(row).slice(0, 200)}`));
  }
  await client.end();
  return left;
}
