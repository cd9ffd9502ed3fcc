import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onlyRun, start, startedUntil } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-closed-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const short = ['run', 'one-synapse', '--preset', 'smoke', '--rules', 'plain'];
const long = [...short, '--set', 'metaSteps=100000', '--checkpoint-every', '1000000'];

describe('a process whose output nobody reads any more', () => {
  // As Ctrl-C does under `2>&1 | tee log`: it ends the reader first.
  test('still hears an interruption: it writes the checkpoint of its last whole step, and gives the lock back', async () => {
    const { running, directory } = await startedUntil(newRuns(), long, 'checkpoints/000000.ckpt');
    while (fs.readFileSync(path.join(directory, 'metrics.ndjson')).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.stdout!.destroy();
    running.child.stderr!.destroy();
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
    const checkpoints = fs.readdirSync(path.join(directory, 'checkpoints'));
    expect(checkpoints).toHaveLength(2);
    const lines = fs.readFileSync(path.join(directory, 'metrics.ndjson'), 'utf8').trim().split('\n');
    expect(checkpoints[1]).toBe(`${String(lines.length).padStart(6, '0')}.ckpt`);
    expect(fs.existsSync(path.join(directory, '.lock'))).toBe(false);
  });

  test('goes on to its end without a reader of stderr', async () => {
    const runs = newRuns();
    const running = start([...short, '--runs', runs]);
    running.child.stderr!.once('data', () => running.child.stderr!.destroy());
    expect((await running.ended).status).toBe(0);
    expect(fs.existsSync(path.join(onlyRun(runs), 'summary.json'))).toBe(true);
  });
});

const full = fs.existsSync('/dev/full') ? describe : describe.skip;
full('a process whose output goes to a full disk', () => {
  test('fails where that is stdout, once the files of its run are safe', async () => {
    const runs = newRuns();
    const { status, err } = await start([...short, '--runs', runs], undefined, { out: '/dev/full' }).ended;
    expect(status).toBe(1);
    expect(err).toMatch(
      /\nmetaplast: Cannot write to stdout: ENOSPC: .*\. What was printed is not whole; .*\n$/,
    );
    expect(err).not.toMatch(/\n +at /);
    expect(fs.existsSync(path.join(onlyRun(runs), 'summary.json'))).toBe(true);
  });

  test('goes on to its end where that is stderr', async () => {
    const runs = newRuns();
    const { status, out } = await start([...short, '--runs', runs], undefined, { err: '/dev/full' }).ended;
    expect(status).toBe(0);
    expect(out).toMatch(/Everything is in /);
  });
});
