import Redis from 'ioredis';
import { Client } from 'pg';
import { endWorkers, learners, live, liveByQueue, startWorker } from './queue-of-tests';
import { startPostgres } from './servers/postgres';
import { describeWith, findPostgres, findRedis } from './servers/programs';
import { startRedis } from './servers/redis';
import type { StartedServer } from './servers/started';

/** Learns by a worker, both as that user. */
async function learnsAs(server: StartedServer, user: string, database = ''): Promise<void> {
  const at = server.url.replace(/\/\/.*@/, `//${user}:secret@`).replace(/\/postgres$/, database);
  startWorker(at);
  const { seen } = await liveByQueue(at, learners.contrastive(), { metaSteps: 2 });
  expect(seen).toEqual(await live(learners.contrastive(), { metaSteps: 2 }));
}

afterEach(() => endWorkers());

describeWith('Redis', findRedis())('the rights that docs/howto/cluster.md names for Redis', () => {
  let server: StartedServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.remove());

  it('are enough, and leave other keys alone', async () => {
    const admin = new Redis(server.url);
    const rights = ['on', '>secret', '~metaplast:*', '+@read', '+@write', '+@scripting', '+@connection'];
    await admin.call('ACL', 'SETUSER', 'metaplast', ...rights, '-@dangerous', '+info', '+time');
    await learnsAs(server, 'metaplast');
    expect(await admin.call('ACL', 'DRYRUN', 'metaplast', 'GET', 'other')).toMatch(/no permissions/);
    expect(await admin.call('ACL', 'DRYRUN', 'metaplast', 'FLUSHALL')).toMatch(/no permissions/);
    admin.disconnect();
  });
});

describeWith('PostgreSQL', findPostgres())(
  'the rights that docs/howto/cluster.md names for PostgreSQL',
  () => {
    let server: StartedServer;
    let admin: Client;
    beforeAll(async () => {
      server = await startPostgres();
      admin = new Client({ connectionString: server.url });
      await admin.connect();
      await admin.query('REVOKE ALL ON DATABASE postgres FROM public');
    });
    afterAll(async () => {
      await admin.end();
      await server.remove();
    });

    it('are CREATE on the database for whoever comes first', async () => {
      await admin.query("CREATE ROLE maker LOGIN PASSWORD 'secret'");
      await admin.query('GRANT CONNECT, CREATE ON DATABASE postgres TO maker');
      await learnsAs(server, 'maker', '/postgres');
    });

    it('are those of using schema, tables and sequences for all others', async () => {
      await admin.query("CREATE ROLE taker LOGIN PASSWORD 'secret'");
      await admin.query('GRANT CONNECT ON DATABASE postgres TO taker');
      await admin.query('GRANT USAGE ON SCHEMA metaplast TO taker');
      await admin.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA metaplast TO taker');
      await admin.query('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA metaplast TO taker');
      await learnsAs(server, 'taker', '/postgres');
    });

    it('are asked for in words where they lack', async () => {
      await admin.query("CREATE ROLE nobody LOGIN PASSWORD 'secret'");
      await admin.query('GRANT CONNECT ON DATABASE postgres TO nobody');
      await expect(learnsAs(server, 'nobody', '/postgres')).rejects.toThrow(
        /may not do what is needed.*cluster\.md/,
      );
    });
  },
);
