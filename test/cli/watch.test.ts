import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RunWatch } from '../../src/cli/watch/run-progress';
import { command, onlyRun } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-watch-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const main = path.join(__dirname, '../../dist/src/cli/main.js');

/** A run in a process of its own, which goes on until it is killed. */
async function longRun(runs: string): Promise<ChildProcess> {
  const set = ['--set', 'metaSteps=100000'];
  const child = spawn(process.execPath, [
    main,
    'run',
    'sinusoid',
    '--preset',
    'smoke',
    '--runs',
    runs,
    '--quiet',
    ...set,
  ]);
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', () => reject(new Error('it has ended'))),
  );
  ended.catch(() => {});
  await Promise.race([ended, until(() => fs.existsSync(runs) && fs.readdirSync(runs).length === 1)]);
  return child;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('watch', () => {
  test('shows the last numbers of a finished run, and ends with 0', async () => {
    const runs = newRuns();
    await command('run', 'one-synapse', '--preset', 'smoke', '--runs', runs, '--quiet');
    const { status, out } = await command('watch', onlyRun(runs));
    expect(status).toBe(0);
    const lines = fs
      .readFileSync(path.join(onlyRun(runs), 'metrics.ndjson'), 'utf8')
      .trim()
      .split('\n');
    const { heldOut } = JSON.parse(lines.at(-1)!);
    expect(out).toMatch(/: finished, 5 records\n/);
    expect(out).toMatch(new RegExp(`\\n {2}heldOut +[▁-█]{5} +${Number(heldOut.toPrecision(6))}\\n`));
    expect(out).toMatch(/\n {2}steps +2,460 rows, task 4, nudged 0\.1, step 218, residual 8\.9e-11\n/);
  });

  test('sees a run grow between its checkpoints, and that it is dead once it is killed', async () => {
    const runs = newRuns();
    const child = await longRun(runs);
    try {
      const directory = onlyRun(runs);
      await until(() => fs.existsSync(path.join(directory, 'manifest.json')));
      const watch = new RunWatch(directory);
      const rows = () => watch.look().traces['contrastive-phase-ends']?.rows ?? 0;
      await until(() => rows() > 0);
      const first = rows();
      await until(() => rows() > first && watch.look().records > 3);
      expect(watch.look().standing).toBe('running');
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      expect(watch.look().standing).toBe('dead');
      const { status, err } = await command('watch', directory);
      expect(status).toBe(1);
      expect(err).toMatch(/The run is dead: no process works on it\. Go on with it: metaplast resume /);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('does not wait for what is no file', async () => {
    const runs = newRuns();
    await command('run', 'one-synapse', '--preset', 'smoke', '--runs', runs, '--quiet');
    for (const file of ['metrics.ndjson', 'traces/steps.when.npy', 'manifest.json']) {
      const pipe = path.join(onlyRun(runs), file);
      fs.rmSync(pipe);
      spawnSync('mkfifo', [pipe]);
      const { status, err } = await command('watch', onlyRun(runs), '--once');
      expect(status).toBe(file === 'metrics.ndjson' ? 0 : 2);
      if (file !== 'metrics.ndjson') expect(err).toMatch(/" is no file\. /);
      fs.rmSync(pipe);
      if (file !== 'manifest.json') fs.writeFileSync(pipe, '');
    }
  });

  test('prints one JSON document with --once --json', async () => {
    const runs = newRuns();
    await command('run', 'one-synapse', '--preset', 'smoke', '--runs', runs, '--quiet');
    const { out } = await command('watch', onlyRun(runs), '--once', '--json');
    expect(JSON.parse(out)).toMatchObject({ standing: 'finished', records: 5 });
  });

  test.each([
    [['/nowhere'], /There is no run in this folder\. Got "\/nowhere"/],
    [['runs/x', '--every', '0'], /a number of seconds from 0\.1 to 3600/],
  ])('refuses %j', async (argv, message) => {
    const { status, err } = await command('watch', ...argv);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});
