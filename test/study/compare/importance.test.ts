import fs from 'node:fs';
import path from 'node:path';
import { command } from '../../cli/command';
import { emptyFolder, makeRun } from './made-runs';

const folder = emptyFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));
const runs = path.join(folder, 'runs');
let count = 0;
for (const seed of [1, 2])
  for (const rate of [0.001, 0.01, 0.1])
    for (const depth of [1, 2, 3]) {
      const summary = { test: { loss: seed * 10 + rate * 50 + depth / 1000 }, loss: 1 };
      makeRun(path.join(runs, `${count++}`), {
        scenario: 'mine',
        seed,
        config: { rate, depth, same: 1 },
        summary,
      });
    }

describe('compare --importance', () => {
  it('says how much of a metric each setting that differs explains', async () => {
    const { status, out } = await command('compare', runs, '--importance', 'test.loss');
    expect(status).toBe(0);
    expect(out).toMatch(/^What test\.loss depends on, by ranks of 18 trials:\n.*\nrate +8?9?\d % ± /);
    expect(out).toMatch(/\ndepth .*no more than chance\n/);
    const json = JSON.parse((await command('compare', runs, '--importance', 'test.loss', '--json')).out);
    expect(json).toMatchObject({ scenario: 'mine', metric: 'test.loss', trials: 18 });
    const csv = path.join(folder, 'importance.csv');
    await command('compare', runs, '--importance', 'test.loss', '--csv', csv);
    const [head, first] = fs.readFileSync(csv, 'utf8').split('\n');
    expect(head).toBe('setting,with,share,deviation,byChance');
    expect(first!.split(',').slice(0, 3)).toEqual(['rate', '', String(json.settings[0].share)]);
  });

  it.each([
    [['--importance', 'los'], /No run has such a metric/],
    [['--importance', 'test.loss', '--figure', 'a.png'], /table of its own, and --figure draws another/],
    [['--importance', 'test.loss', '--where', 'rate=0.1'], /do not say which.*Got "6 runs/],
  ])('%j is refused', async (flags, why) => {
    const { status, err } = await command('compare', runs, ...flags);
    expect([status, err]).toEqual([2, expect.stringMatching(why)]);
  });
});
