import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { repository, start, startProcess } from '../cli/command';
import { leftOn } from './left-on-server';
import { describeEachServer, endWorkers, startWorker, until } from './queue-of-tests';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-queue-commands-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A run of five meta-steps of some seconds. */
const sinusoid = [
  ...['run', 'sinusoid', '--preset', 'smoke', '--method', 'contrastive', '--blas', 'wasm', '--no-config'],
  ...['--set', 'metaSteps=5', '--set', 'batch=4', '--set', 'unseen.tasks=2', '--set', 'unseen.every=5'],
  ...[
    '--set',
    'contrastive.free.steps=4000',
    '--set',
    'contrastive.nudged.steps=2000',
    '--checkpoint-every',
    '1',
  ],
];

const run = (name: string, ...more: string[]) =>
  start([...sinusoid, '--runs', folder, '--name', name, ...more]);
const directory = (name: string): string =>
  path.join(folder, fs.readdirSync(folder).find((entry) => entry.includes(`-sinusoid-${name}-`))!);
const results = (name: string) =>
  ['summary.json', 'metrics.ndjson'].map((file) => fs.readFileSync(path.join(directory(name), file), 'utf8'));
const metaSteps = (name: string): number => {
  const found = fs.readdirSync(folder).some((entry) => entry.includes(`-sinusoid-${name}-`));
  const file = found ? path.join(directory(name), 'metrics.ndjson') : '';
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('"metaStep"').length - 1 : 0;
};

let alone: string[];
beforeAll(async () => {
  expect(await run('alone').ended).toMatchObject({ status: 0 });
  alone = results('alone');
});

describeEachServer('a run by a queue on %s', (server, name, startServer) => {
  it('that is killed in the midst of a meta-step is resumed, to the same bytes, and nothing of it is left', async () => {
    startWorker(server().url);
    const killed = `killed-${name}`;
    const running = run(killed, '--queue', server().url);
    await until(() => metaSteps(killed) >= 2, 'two meta-steps were done');
    running.child.kill('SIGKILL');
    await running.ended;
    expect(metaSteps(killed)).toBeLessThan(5);
    const resumed = start(['resume', directory(killed), '--queue', server().url]);
    expect(await resumed.ended).toMatchObject({ status: 0 });
    expect(results(killed)).toEqual(alone);
  });

  it('that is interrupted writes a checkpoint, and goes on with or without the queue', async () => {
    startWorker(server().url);
    const stopped = `stopped-${name}`;
    const running = run(stopped, '--queue', server().url);
    await until(() => metaSteps(stopped) >= 1, 'a meta-step was done');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ status: 130 });
    expect(await start(['resume', directory(stopped)]).ended).toMatchObject({ status: 0 });
    expect(results(stopped)).toEqual(alone);
  });

  it('keeps the password to itself', async () => {
    startWorker(server().url);
    const secret = `secret-${name}`;
    const { err, out } = await run(secret, '--queue', server().url).ended;
    expect(err).toMatch(/warning: the password of the queue stands in the command/);
    const texts = fs
      .readdirSync(directory(secret), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(directory(secret), file))
      .filter((file) => fs.statSync(file).isFile())
      .map((file) => fs.readFileSync(file, 'latin1'));
    const printed = [err, out, ...(await endWorkers())];
    expect([...texts, ...printed].filter((text) => text.includes(server().password))).toEqual([]);
  });

  it('tells a worker of another version, and is told of it', async () => {
    const other = path.join(folder, `other-${name}`);
    fs.cpSync(path.join(repository, 'dist'), path.join(other, 'dist'), { recursive: true });
    const about = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8'));
    fs.writeFileSync(path.join(other, 'package.json'), JSON.stringify({ ...about, version: '99.1.2' }));
    fs.symlinkSync(path.join(repository, 'node_modules'), path.join(other, 'node_modules'));
    const main = path.join(other, 'dist/src/cli/main.js');
    const worker = startProcess([main, 'worker', '--queue', server().url, '--no-config']);
    const told = `told-${name}`;
    const running = run(told, '--queue', server().url);
    setTimeout(() => startWorker(server().url), 4000);
    const { err } = await running.ended;
    worker.child.kill('SIGTERM');
    const problem = new RegExp(
      `another version of metaplast than this worker\\. Got "${about.version}, .*Legal: 99\\.1\\.2`,
    );
    expect(err).toMatch(/cannot learn for this run\./);
    expect(err).toMatch(problem);
    expect((await worker.ended).err).toMatch(problem);
  });

  it('and its workers are refused with the wrong password, and with none, in seconds', async () => {
    const begin = performance.now();
    const wrong = server().url.replace(server().password, 'wrong');
    expect(await start(['worker', '--queue', wrong]).ended).toMatchObject({
      status: 1,
      err: expect.stringMatching(
        /queue cannot be used\. The server refuses the password.*METAPLAST_QUEUE_PASSWORD/,
      ),
    });
    const none = server().url.replace(`:${server().password}`, '');
    const { status, err } = await run(`refused-${name}`, '--queue', none).ended;
    expect([status, err]).toEqual([1, expect.stringMatching(/The server asks for a password/)]);
    expect((performance.now() - begin) / 1000).toBeLessThan(20);
    expect(fs.readdirSync(folder).filter((entry) => entry.includes('refused'))).toEqual([]);
  });

  it('works encrypted, where the certificate is known; else it says so', async () => {
    const encrypted = await startServer({ tls: true });
    const options = { env: { ...process.env, NODE_EXTRA_CA_CERTS: encrypted.authority } };
    const main = path.join(repository, 'dist/src/cli/main.js');
    const worker = spawn(
      process.execPath,
      [main, 'worker', '--queue', encrypted.url, '--no-config'],
      options,
    );
    try {
      const known = spawn(
        process.execPath,
        [main, ...sinusoid, '--runs', folder, '--name', `tls-${name}`, '--queue', encrypted.url],
        options,
      );
      const status = await new Promise((resolve) => known.once('exit', resolve));
      expect(status).toBe(0);
      expect(results(`tls-${name}`)).toEqual(alone);
      const { err } = await start(['worker', '--queue', encrypted.url]).ended;
      expect(err).toMatch(/No encrypted connection could be made.*NODE_EXTRA_CA_CERTS/);
    } finally {
      worker.kill('SIGKILL');
      await encrypted.remove();
    }
  });

  it('that was killed leaves nothing either, once nobody has heard of it for half a minute', async () => {
    startWorker(server().url);
    // A result that was not fetched any more goes by itself, after a day.
    const goesByItself = /metaplast:(blob|result):|"key":"(blob|result):/;
    const left = async (more = goesByItself) =>
      (await leftOn(server())).filter((key) => !goesByItself.test(key) && !more.test(key));
    for (const begin = performance.now(); performance.now() - begin < 60_000; await wait(500)) {
      if ((await left(/worker:|index/)).length === 0) break;
    }
    await endWorkers();
    expect(await left()).toEqual([]);
  });
});

describe('a queue that cannot be used', () => {
  it.each([
    ['nobody listens', 'redis://127.0.0.1:1', /Nobody listens there on port 1/],
    ['nobody listens', 'postgres://me@127.0.0.1:1/runs', /Nobody listens there on port 1/],
    ['there is no such host', 'rediss://nowhere.invalid --insecure', /There is no host "nowhere\.invalid"/],
    ['it is on another machine and has no password', 'redis://10.1.2.3', /without a password.*--insecure/],
    ['it is none', 'amqp://localhost', /no address of a queue.*redis:\/\/HOST/],
  ])('is refused within 10 seconds, since %s', async (_, url, problem) => {
    const begin = performance.now();
    const { status, err } = await start(['worker', '--queue', ...url.split(' ')]).ended;
    expect([status === 0, err]).toEqual([false, expect.stringMatching(problem)]);
    expect((performance.now() - begin) / 1000).toBeLessThan(10);
  });

  it('is not needed by a scenario that shares no tasks, which says so', async () => {
    const { status, err } = await start(['run', 'boston', '--queue', 'redis://127.0.0.1:1', '--runs', folder])
      .ended;
    expect([status, err]).toEqual([2, expect.stringMatching(/"boston" shares no tasks.*metaplast sweep/)]);
  });

  it('has to be named', async () => {
    expect(await start(['worker']).ended).toMatchObject({
      status: 2,
      err: expect.stringMatching(/No queue is named/),
    });
    const { status, err } = await run('none', '--queue-name', 'mine').ended;
    expect([status, err]).toEqual([2, expect.stringMatching(/Without --queue/)]);
  });
});
