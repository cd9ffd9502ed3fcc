import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kill, onlyRun, type Running, start, startedUntil } from '../cli/command';
import { writeOwnStream } from '../cli/own-stream';
import { bytes } from './bytes';

/*
 * A user's own stream, some tasks of which are bad and which ends before the last meta-step. Both are told by what is drawn,
 * not by a count that the source keeps: a source in a new process starts anew.
 */
const spoil = 'if (data.train.x[0] > 0) data.train.y[0] = NaN; if (data.train.x[1] > 4.6) return null;';
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-odd-'));
const file = writeOwnStream(home, { spoil, hidden: 24, library: 'dist/src/index.js' });
const settings = ['metaSteps=14', 'batch=4', 'stride=10', 'unseen.tasks=4', 'unseen.every=5'];
const stream = [
  ...['run', file, '--name', 'same', '--rules', 'plain', '--method', 'contrastive,maml', '--seed', '2'],
  ...['--checkpoint-every', '4', ...settings.flatMap((setting) => ['--set', setting])],
];
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Returns once a method has done a meta-step, whether or not that is in a checkpoint, or the run is over. */
async function hasDone(method: string, metaStep: number, directory: string, { child }: Running) {
  const metrics = path.join(directory, 'metrics.ndjson');
  const wanted = `{"method":"${method}","metaStep":${metaStep},`;
  while (child.exitCode === null && !fs.readFileSync(metrics, 'utf8').includes(wanted)) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('a stream with bad tasks that ends early', () => {
  let whole: Record<string, string>;
  beforeAll(async () => {
    const runs = newRuns();
    expect(await start([...stream, '--runs', runs, '--quiet']).ended).toMatchObject({ status: 0 });
    whole = bytes(onlyRun(runs));
  });

  test('has more of them than are told, and both methods see the same', () => {
    const { methods, warnings } = JSON.parse(whole['summary.json']!);
    const { tasks, skipped } = methods.contrastive;
    expect(skipped).toBeGreaterThan(12);
    expect(tasks).toBeLessThan(14 * 4);
    expect(methods.maml).toMatchObject({ tasks, skipped, streamEnded: true });
    expect(warnings).toHaveLength(2 * (10 + 1 + 1)); // Skipped tasks, that others are counted, the end.
  });

  test.each([
    ['in its course, after all that are told have come', 9],
    ['where it ends', 11],
  ])('is resumed to the same bytes when it was killed between two checkpoints, %s', async (_, metaStep) => {
    const { running, directory } = await startedUntil(newRuns(), stream, 'checkpoints/000000.ckpt');
    await hasDone('contrastive', metaStep, directory, running);
    await kill(running);
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0, err: '' });
    expect(bytes(directory)).toEqual(whole);
  });

  test('is resumed to the same bytes when it was interrupted in its second method', async () => {
    const { running, directory } = await startedUntil(newRuns(), stream, 'checkpoints/000000.ckpt');
    await hasDone('maml', 2, directory, running);
    running.child.kill('SIGINT');
    expect([0, 130]).toContain((await running.ended).status);
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0, err: '' });
    expect(bytes(directory)).toEqual(whole);
  });
});

test.each(['maml', 'joint'])(
  'SIGINT is heard by a method without phases, long before its end: %s',
  async (method) => {
    const long = ['run', 'sinusoid', '--method', method, '--rules', 'plain', '--set', 'metaSteps=300'];
    const { running, directory } = await startedUntil(
      newRuns(),
      [...long, '--set', 'unseen.tasks=4'],
      'checkpoints/000000.ckpt',
    );
    await hasDone(method, 1, directory, running);
    running.child.kill('SIGINT');
    const { status, err } = await running.ended;
    expect(status).toBe(130);
    expect(err).toContain(`metaplast resume ${directory}\n`);
  },
);
