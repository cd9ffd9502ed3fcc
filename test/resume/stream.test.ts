import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kill, onlyRun, start, startedUntil } from '../cli/command';
import { bytes } from './bytes';

/*
 * Three methods one after the other on the same stream of tasks, ten meta-steps each, so that checkpoints 0 to 11 belong to
 * the first, 12 to 22 to the second, 23 to 33 to the third.
 */
const stream = [
  ...['run', 'sinusoid', '--method', 'contrastive,modulation,maml', '--name', 'same', '--rules', 'plain'],
  ...['--set', 'metaSteps=10', '--set', 'batch=4', '--set', 'hidden=24', '--set', 'stride=10'],
  ...['--set', 'unseen.tasks=4', '--set', 'unseen.every=4', '--checkpoint-every', '1'],
];

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-stream-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

describe('a stream that is stopped in its course ends, once resumed, with the bytes of one that never stopped,', () => {
  let whole: Record<string, string>;
  beforeAll(async () => {
    const runs = newRuns();
    expect(await start([...stream, '--runs', runs, '--quiet']).ended).toMatchObject({ status: 0 });
    whole = bytes(onlyRun(runs));
  });

  test('which hold what was learned, recorded and judged by each method', () => {
    const { methods } = JSON.parse(whole['summary.json']!);
    for (const name of ['contrastive', 'modulation', 'maml']) expect(methods[name].tasks).toBe(40);
    expect(whole['report.txt']).toMatch(/^ {2}maml .* seconds$/m);
    expect(Object.keys(whole)).toEqual(
      expect.arrayContaining([
        ...['traces/contrastive-between-tasks.npy', 'traces/contrastive-inside-tasks.npy'],
        ...['traces/modulation-inside-tasks.npy', 'traces/maml-between-tasks.npy'],
      ]),
    );
  });

  test.each([
    ['killed in its first method', '000005.ckpt'],
    ['killed in its second method', '000015.ckpt'],
    ['killed between two methods', '000022.ckpt'],
  ])('%s', async (_, checkpoint) => {
    const { running, directory } = await startedUntil(newRuns(), stream, `checkpoints/${checkpoint}`);
    await kill(running);
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0 });
    expect(bytes(directory)).toEqual(whole);
  });

  test.each([
    ['two workers, resumed by one', ['--workers', '2'], []],
    ['one worker, resumed by two', [], ['--workers', '2']],
  ])('killed while it learns by %s', async (_, first, then) => {
    const begun = await startedUntil(newRuns(), [...stream, ...first], 'checkpoints/000005.ckpt');
    await kill(begun.running);
    const resumed = await start(['resume', begun.directory, ...then]).ended;
    expect(resumed).toMatchObject({ status: 0 });
    expect(resumed.err).not.toMatch(/have no use|one thread/);
    expect(bytes(begun.directory)).toEqual(whole);
  });

  test('interrupted by SIGINT, and interrupted again', async () => {
    const { running, directory } = await startedUntil(newRuns(), stream, 'checkpoints/000003.ckpt');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ status: 130 });
    const again = start(['resume', directory]);
    await new Promise((resolve) => again.child.stderr!.once('data', resolve)); // It hears signals from here on.
    again.child.kill('SIGINT');
    expect([0, 130]).toContain((await again.ended).status);
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0 });
    expect(bytes(directory)).toEqual(whole);
  });

  test('with the seconds of all its processes counted', async () => {
    const { running, directory } = await startedUntil(newRuns(), stream, 'checkpoints/000014.ckpt');
    await kill(running);
    const secondsOf = () => JSON.parse(fs.readFileSync(path.join(directory, 'timing.json'), 'utf8'));
    const before = secondsOf();
    expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0 });
    const after = secondsOf();
    expect(after.contrastive).toBe(before.contrastive);
    expect(after.modulation).toBeGreaterThan(before.modulation);
    expect(after.maml).toBeGreaterThan(0);
  });
});
