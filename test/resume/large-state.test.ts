import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, kill, onlyRun, repository, snapshot, startedUntil } from '../cli/command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-large-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
const scenario = path.join(home, 'my-scenario.js');
const broken = path.join(home, 'fail');

/** Two parts of 20 steps of 10 ms over a state that is too large to be copied at each step; one fails where a file says so. */
fs.writeFileSync(
  scenario,
  `const { existsSync, rmSync } = require('node:fs');
  const { z } = require('${repository}/node_modules/zod');
  exports.default = {
    name: 'large', question: 'What do many numbers sum to?', config: z.strictObject({}),
    presets: { smoke: {}, cpu: {}, paper: {} },
    schedule: () => ({ plan: { phases: [{ beta: 0, steps: 1 }], stride: 1 }, tasks: 1 }),
    async run({ random, metric, repeat }) {
      const numbers = new Float64Array(50000);
      for (const label of ['first', 'second']) {
        await repeat({
          label, total: 20,
          async step(i) {
            await new Promise((resolve) => setTimeout(resolve, 10));
            if (label === 'second' && i === 7 && existsSync(${JSON.stringify(broken)})) throw new RangeError('once');
            const by = random.stream('steps').normal();
            for (let k = 0; k < numbers.length; k++) numbers[k] += by * k;
            metric({ label, i, last: numbers.at(-1) });
          },
          save: () => ({ numbers }),
          restore: (state) => numbers.set(state.numbers),
        });
      }
      return { summary: { last: numbers.at(-1) }, report: 'done' };
    },
  };`,
);

const argv = ['run', scenario, '--name', 'same', '--quiet', '--engine', 'reference', '--rules', 'plain'];
const newRuns = () => fs.mkdtempSync(path.join(home, 'runs-'));
const checkpointsOf = (directory: string) => fs.readdirSync(path.join(directory, 'checkpoints'));
const resumed = async (directory: string) => {
  expect(await command('resume', directory, '--quiet')).toEqual({ status: 0, out: '', err: '' });
  return snapshot(directory);
};

describe('a run with a large state, whose checkpoints go by the clock,', () => {
  let whole: ReturnType<typeof snapshot>;
  beforeAll(async () => {
    const runs = newRuns();
    expect(await command(...argv, '--runs', runs)).toMatchObject({ status: 0, err: '' });
    whole = snapshot(onlyRun(runs));
  });

  test('keeps its last checkpoint alone when it is finished', () => {
    expect(Object.keys(whole).filter((file) => file.startsWith('checkpoints/'))).toEqual([
      'checkpoints/000040.ckpt',
    ]);
    expect(whole['metrics.ndjson']!.trim().split('\n')).toHaveLength(40);
  });

  test('is the same, byte by byte, when it failed and was resumed', async () => {
    const runs = newRuns();
    fs.writeFileSync(broken, '');
    expect(await command(...argv, '--runs', runs)).toMatchObject({ status: 1 });
    fs.rmSync(broken);
    expect(await resumed(onlyRun(runs))).toEqual(whole);
  });

  test('is the same when it was interrupted, which costs no whole step', async () => {
    const { running, directory } = await startedUntil(newRuns(), argv, 'checkpoints/000000.ckpt');
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
    const done = fs.readFileSync(path.join(directory, 'metrics.ndjson'), 'utf8').split('\n').length - 1;
    expect(checkpointsOf(directory).at(-1)).toBe(`${String(done).padStart(6, '0')}.ckpt`);
    expect(await resumed(directory)).toEqual(whole);
  });

  test('is the same when it was killed', async () => {
    const { running, directory } = await startedUntil(newRuns(), argv, 'checkpoints/000000.ckpt');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await kill(running);
    expect(await resumed(directory)).toEqual(whole);
  });
});
