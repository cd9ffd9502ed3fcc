import fs from 'node:fs';
import path from 'node:path';
import { command } from '../../cli/command';
import { emptyFolder, makeRun } from './made-runs';

const folder = emptyFolder();
afterAll(() => fs.rmSync(folder, { recursive: true }));

const runs = path.join(folder, 'runs');
const a = makeRun(path.join(runs, 'a'), {
  seed: 1,
  config: { same: 1, decay: false, start: null, name: '', kept: 0 },
  summary: { test: { after: 0.25 }, train: { after: 0.1 } },
});
const b = makeRun(path.join(runs, 'b'), {
  seed: 1,
  config: { kept: '0', name: 'mine', decay: 0, same: 1 },
  summary: { test: { after: 0.5 } },
});

describe('compare --diff', () => {
  it('names each setting that differs, and keeps false, 0, null, empty and absent apart', async () => {
    const { status, out } = await command('compare', '--diff', a, b);
    expect(status).toBe(0);
    const rows = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows).toEqual(
      expect.arrayContaining([
        ['decay', 'false', '0'],
        ['kept', '0', '"0"'],
        ['name', '""', 'mine'],
        ['start', 'null', '(absent)'],
        ['test.after', '0.25 *', '0.5', '0.25'],
        ['train.after', '0.1', '-', '-'],
      ]),
    );
    expect(out).not.toMatch(/^same /m);
  });

  it('leaves what is absent out of its JSON', async () => {
    const { settings, metrics } = JSON.parse((await command('compare', '--diff', '--json', a, b)).out);
    expect(settings).toContainEqual({ path: 'start', a: { value: null }, b: {} });
    expect(metrics[0]).toMatchObject({ metric: 'train.after', a: 0.1, b: null, better: 'lower' });
  });

  it('compares the settings of a run that has no numbers', async () => {
    const stopped = makeRun(path.join(folder, 'stopped'), {
      config: { kept: 1 },
      summary: null,
      state: 'stopped',
    });
    const { status, out, err } = await command('compare', '--diff', a, stopped);
    expect(status).toBe(0);
    expect(out).toMatch(/^kept +0 +1$/m);
    expect(err).toMatch(/has no numbers: it is unfinished/);
  });

  it.each([
    [[a], /takes two runs.*Got 1/],
    [[a, runs], /holds 2.*Name one of them/],
  ])('refuses other than two runs', async (paths, message) => {
    const { status, err } = await command('compare', '--diff', ...paths);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('compare', () => {
  it('prints one JSON document with every metric, in which numbers are as the runs have them', async () => {
    const { scenarios } = JSON.parse((await command('compare', runs, '--json')).out);
    expect(scenarios[0].runs[0]).toMatchObject({
      directory: a,
      methods: [{ metrics: { 'test.after': 0.25 } }],
    });
    expect(scenarios[0].rows).toHaveLength(2);
  });

  it('writes CSV to stdout and nothing else there', async () => {
    const { out } = await command('compare', runs, '--csv', '-');
    expect(out.split('\n')[0]).toMatch(/^scenario,/);
    expect(out.trim().split('\n')).toHaveLength(3);
  });

  it('writes it to a file, and says so', async () => {
    const file = path.join(folder, 'table.csv');
    const { err, out } = await command('compare', runs, '--csv', file);
    expect(err).toContain(`wrote ${file}`);
    expect(out).toContain('boston: 2 runs');
    expect(fs.readFileSync(file, 'utf8')).toMatch(/^scenario,/);
  });

  it('lists the metrics that there are', async () => {
    expect((await command('compare', runs, '--list-metrics')).out).toMatch(/^test\.after +lower +yes$/m);
  });

  it('refuses two documents for one stdout', async () => {
    expect((await command('compare', runs, '--csv', '-', '--json')).err).toMatch(/both want stdout/);
  });
});
