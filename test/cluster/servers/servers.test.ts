import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Redis from 'ioredis';
import { Client } from 'pg';
import { freePort } from './free-port';
import { startPostgres } from './postgres';
import { describeWith, findPostgres, findRedis } from './programs';
import { startRedis } from './redis';
import type { StartedServer } from './started';

jest.mock('./free-port', () => ({ freePort: jest.fn(jest.requireActual('./free-port').freePort) }));

/** What a test does with a server, in its own language. */
interface Access {
  set(value: string): Promise<void>;
  get(): Promise<string | undefined>;
  close(): Promise<void>;
}

async function openRedis(url: string, ca?: string): Promise<Access> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, ...(ca && { tls: { ca } }) });
  const events: Error[] = [];
  client.on('error', (error) => events.push(error));
  await client.connect().catch((error) => {
    throw events[0] ?? error; // the reason is in the event
  });
  return {
    set: async (value) => void (await client.set('value', value)),
    get: async () => (await client.get('value')) ?? undefined,
    close: async () => client.disconnect(),
  };
}

async function openPostgres(url: string, ca?: string): Promise<Access> {
  const client = new Client({ connectionString: url.replace(/\?.*/, ''), ...(ca && { ssl: { ca } }) });
  client.on('error', () => {});
  await client.connect();
  await client.query('create table if not exists kept (value text)');
  return {
    set: async (value) => void (await client.query('insert into kept values ($1)', [value])),
    get: async () => (await client.query('select value from kept')).rows[0]?.value,
    close: () => client.end(),
  };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function until(isSo: () => boolean): Promise<void> {
  for (const start = Date.now(); !isSo(); await wait(50))
    if (Date.now() - start > 20_000) throw new Error('It is not so after 20 s');
}

const kinds = [
  { kind: 'redis', program: findRedis(), start: startRedis, open: openRedis },
  { kind: 'postgres', program: findPostgres(), start: startPostgres, open: openPostgres },
] as const;

for (const { kind, program, start, open } of kinds) {
  describeWith(kind, program)(`a ${kind} of one's own`, () => {
    let server: StartedServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.remove());

    const readBack = async (): Promise<string | undefined> => {
      const access = await open(server.url);
      const value = await access.get();
      await access.close();
      return value;
    };

    it('refuses a wrong password, and none', async () => {
      const refused = /WRONGPASS|NOAUTH|password authentication failed|password must be a string/;
      const wrong = server.url.replace(server.password, 'wrong');
      await expect(open(wrong)).rejects.toThrow(refused);
      await expect(open(wrong.replace(/:wrong@/, '@'))).rejects.toThrow(refused);
    });

    it('keeps what it answered for when it is stopped, and when it is killed, on the same port', async () => {
      const { port, pid } = server;
      const access = await open(server.url);
      await access.set('kept');
      await server.kill();
      expect(isAlive(pid!)).toBe(false);
      expect(server.pid).toBeUndefined();
      await expect(open(server.url)).rejects.toThrow(/ECONNREFUSED/);
      await server.restart();
      expect(await readBack()).toBe('kept');
      await server.stop();
      await server.restart();
      expect(await readBack()).toBe('kept');
      const before = server.pid!;
      await server.restart();
      expect(isAlive(before)).toBe(false);
      expect(await readBack()).toBe('kept');
      expect(server.port).toBe(port);
      await access.close();
    });

    it('is one of several, each with its own, and takes another port where its first is taken before it starts', async () => {
      jest.mocked(freePort).mockResolvedValueOnce(server.port);
      const other = await start();
      try {
        expect(other.port).not.toBe(server.port);
        expect(other.folder).not.toBe(server.folder);
        const access = await open(other.url);
        expect(await access.get()).toBeUndefined();
        await access.close();
        await expect(open(other.url.replace(other.password, server.password))).rejects.toThrow();
      } finally {
        await other.remove();
      }
      expect(existsSync(other.folder)).toBe(false);
      expect(other.pid).toBeUndefined();
      await expect(open(other.url)).rejects.toThrow(/ECONNREFUSED/);
    });

    it('encrypts where it is asked to, and then alone', async () => {
      const encrypted = await start({ tls: true });
      try {
        const access = await open(encrypted.url, readFileSync(encrypted.authority!, 'utf8'));
        await access.set('secret');
        expect(await access.get()).toBe('secret');
        await access.close();
        await expect(open(encrypted.url.replace('rediss:', 'redis:'))).rejects.toThrow(
          /ECONNRESET|no encryption/,
        );
      } finally {
        await encrypted.remove();
      }
    });

    it('ends, with its folder, when the process that started it is killed', async () => {
      const repository = path.resolve(__dirname, '../../..');
      const starter = spawn(
        process.execPath,
        [
          '-r',
          path.join(repository, 'test/support/from-build.cjs'),
          path.join(__dirname, 'left-alone.ts'),
          kind,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [line] = (await once(starter.stdout!, 'data')) as [Buffer];
      const { pid, folder } = JSON.parse(line.toString()) as { pid: number; folder: string };
      expect([isAlive(pid), existsSync(folder)]).toEqual([true, true]);
      starter.kill('SIGKILL');
      await until(() => !isAlive(pid) && !existsSync(folder));
    });
  });
}

describe('where a server is not installed', () => {
  const { PATH } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
    jest.restoreAllMocks();
  });

  it('it is not found, and what needs it is skipped with a line that says so', () => {
    process.env.PATH = '/nowhere';
    expect(findRedis()).toBeUndefined();
    const said = jest.spyOn(console, 'warn').mockImplementation(() => {});
    expect(describeWith('redis', undefined)).toBe(describe.skip);
    expect(describeWith('redis', '/bin/redis-server')).toBe(describe);
    expect(said.mock.calls).toEqual([['What needs redis is not tested: there is none here']]);
  });
});
