import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { command, onlyRun, rewriteManifest, snapshot } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-plot-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const runs = path.join(home, 'runs');
const made = 'run sinusoid --preset smoke --seed 1 --set method=contrastive,scratch --set metaSteps=2';
beforeAll(async () => {
  const small = [
    '--set',
    'hidden=4',
    '--set',
    'unseen.tasks=3',
    '--set',
    'unseen.every=1',
    '--set',
    'batch=2',
  ];
  const finished = await command(...made.split(' '), ...small, '--rules', 'plain', '--runs', runs, '--quiet');
  expect(finished).toEqual({ status: 0, out: '', err: '' });
});

const plots = () => path.join(onlyRun(runs), 'plots');
const names = ['loss-by-inner-steps', 'loss-over-stream'];
const files = (figure: string) => ['csv', 'json', 'png', 'svg'].map((format) => `${figure}.${format}`);

describe('a run', () => {
  test('leaves each figure as data, numbers, SVG and PNG', () => {
    expect(fs.readdirSync(plots()).sort()).toEqual(names.flatMap(files));
  });

  test('writes into its figures the command that makes it again', () => {
    const { command: told } = JSON.parse(fs.readFileSync(path.join(plots(), `${names[0]}.json`), 'utf8'));
    expect(told).toMatch(/^npx metaplast run sinusoid --preset smoke --seed 1 --set .*--rules plain$/);
    expect(told).toContain('--set hidden=4');
    expect(fs.readFileSync(path.join(plots(), `${names[0]}.svg`), 'utf8')).toContain(
      'Made by: npx metaplast run',
    );
  });
});

describe('plot', () => {
  test('draws every figure again to the same bytes, from the run directory alone', async () => {
    const before = snapshot(plots());
    const moved = path.join(home, 'moved');
    fs.cpSync(onlyRun(runs), moved, { recursive: true });
    for (const file of fs.readdirSync(path.join(moved, 'plots'))) {
      if (!file.endsWith('.json')) fs.rmSync(path.join(moved, 'plots', file));
    }
    const { status, out, err } = await command('plot', moved);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^loss-by-inner-steps: sinusoid: how fast 3 unseen tasks are learned/);
    expect(snapshot(path.join(moved, 'plots'))).toEqual(before);
  });

  test('draws one figure elsewhere, as wide as asked for, and leaves the run as it was', async () => {
    const before = snapshot(onlyRun(runs));
    const out = path.join(home, 'pictures/of-a-run');
    const more = ['--figure', names[1]!, '--out', out, '--width', '640', '--json'];
    const finished = await command('plot', onlyRun(runs), ...more);
    expect(JSON.parse(finished.out)).toEqual([
      {
        name: names[1],
        title: expect.stringMatching(/held-out loss of 3 unseen tasks/),
        files: ['json', 'csv', 'svg', 'png'].map((format) => path.join(out, `${names[1]}.${format}`)),
      },
    ]);
    expect(fs.readdirSync(out).sort()).toEqual(files(names[1]!));
    expect(PNG.sync.read(fs.readFileSync(path.join(out, `${names[1]}.png`))).width).toBe(640);
    expect(snapshot(onlyRun(runs))).toEqual(before);
  });

  test('draws a synapse into a folder of its own, and leaves the figures of the run as they were', async () => {
    const copy = path.join(home, 'synapse');
    fs.cpSync(onlyRun(runs), copy, { recursive: true });
    const before = snapshot(copy);
    const { status, out, err } = await command('plot', copy, '--synapse', '1');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(
      /^synapse-1-of-contrastive-between-tasks: sinusoid: synapse 1 \(layer 0, .*at each meta-update\n/,
    );
    const drawn = ['between-tasks', 'inside-tasks', 'phase-ends'].map(
      (trace) => `synapse-1-of-contrastive-${trace}`,
    );
    expect(fs.readdirSync(path.join(copy, 'plots/synapses')).sort()).toEqual(drawn.flatMap(files));
    const after = snapshot(copy);
    for (const file of drawn.flatMap(files)) delete after[`plots/synapses/${file}`];
    expect(after).toEqual(before);

    // Nor are they taken for figures of the run.
    expect((await command('plot', copy)).out).not.toContain('synapse-1');
    expect(
      JSON.parse(
        (await command('plot', copy, '--synapse', '1', '--trace', 'contrastive-inside-tasks', '--json')).out,
      ),
    ).toHaveLength(1);
  });

  test('writes the numbers of the trace, the phases, and the commands that make them again', async () => {
    const out = path.join(home, 'numbers');
    const asked = ['--synapse', '0:0:1', '--trace', 'contrastive-inside-tasks'];
    await command('plot', onlyRun(runs), ...asked, '--out', out);
    const csv = (text: string) =>
      text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
    const name = 'synapse-0-0-1-of-contrastive-inside-tasks';
    const rows = csv(fs.readFileSync(path.join(out, `${name}.csv`), 'utf8'));
    const trace = csv(
      (await command('trace', onlyRun(runs), 'contrastive-inside-tasks', '--synapse', '1')).out,
    );
    expect(rows.filter(([, , kind]) => kind === 'line').map((row) => row[4])).toEqual(
      trace.map((row) => row[5]),
    );
    const spans = rows.filter(([, , kind]) => kind === 'span');
    expect(spans).toHaveLength(2 * 4); // a free and a nudged phase of each of 2 x 2 tasks
    expect(spans.map(([, label]) => label).slice(0, 2)).toEqual(['free', 'beta = 0.3']);
    const { command: told } = JSON.parse(fs.readFileSync(path.join(out, `${name}.json`), 'utf8'));
    expect(told).toMatch(
      /^npx metaplast run sinusoid --preset smoke .*; npx metaplast plot \.\/[\w-]+ --synapse 0:0:1 --trace contrastive-inside-tasks$/,
    );
  });

  test('draws some of its tasks', async () => {
    const asked = ['--synapse', '0', '--tasks', '1-2', '--trace', 'contrastive-inside-tasks', '--json'];
    const { out } = await command('plot', onlyRun(runs), ...asked, '--out', path.join(home, 'tasks'));
    const [{ files: written }] = JSON.parse(out);
    expect(JSON.parse(fs.readFileSync(written[0], 'utf8')).panels[0].spans).toHaveLength(4);
  });

  test.each<[string[], RegExp]>([
    [
      ['--synapse', '7'],
      /No trace of the run holds such a synapse\. Got "7"\. Legal: contrastive-between-tasks holds 0-1, or 0:0:0-1; .*--set watch=/,
    ],
    [['--synapse', 'phi'], /"phi" names no synapse\. Got "phi"\. Legal: an index \(42\)/],
    [
      ['--synapse', '0', '--trace', 'inside'],
      /no such trace\. Got "inside"\. Legal: contrastive-between-tasks, /,
    ],
    [['--synapse', '0', '--tasks', '40-50'], /no row of such tasks\. Got "40-50"\. Legal: /],
    [['--synapse', '0', '--tasks', '3-1'], /'3-1' is invalid\. Legal: a task such as 17, or some in a row/],
    [['--tasks', '3'], /--tasks says what of a synapse is drawn, and no synapse is named/],
    [
      ['--synapse', '0', '--figure', 'loss'],
      /--figure draws a figure of the run again, --synapse makes a new one/,
    ],
    [
      ['--figure', 'loss-over-steam'],
      /no such figure\. Got "loss-over-steam"\. Legal: loss-by-inner-steps, loss-over-stream\. Did you mean "loss-over-stream"\?/,
    ],
    [['--width', '0'], /'0' is invalid\. Legal: 1, 2, /],
    [['--width', '1000000000'], /'1000000000' is invalid\. Legal: 1, 2, \.\.\., 16384/],
  ])('refuses %j', async (argv, message) => {
    const { status, out, err } = await command('plot', onlyRun(runs), ...argv);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
  });

  test('says so where a run has drawn nothing', async () => {
    const bare = path.join(home, 'bare');
    fs.cpSync(onlyRun(runs), bare, { recursive: true });
    rewriteManifest(bare, ({ files }) => ({
      files: Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith('plots/'))),
    }));
    expect(await command('plot', bare)).toEqual({
      ...{ status: 0, out: '', err: 'the run has drawn no figure\n' },
    });
  });

  test('draws what is damaged or was deleted again, and refuses only what nothing is drawn from', async () => {
    const spoilt = path.join(home, 'spoilt');
    fs.cpSync(onlyRun(runs), spoilt, { recursive: true });
    const before = snapshot(spoilt);
    fs.rmSync(path.join(spoilt, 'plots', `${names[0]}.svg`));
    fs.writeFileSync(path.join(spoilt, 'plots', `${names[1]}.png`), 'no picture');
    fs.writeFileSync(path.join(spoilt, 'plots/my-own.json'), 'no figure of the run');
    expect(await command('plot', spoilt)).toMatchObject({ status: 0, err: '' });
    fs.rmSync(path.join(spoilt, 'plots/my-own.json'));
    expect(snapshot(spoilt)).toEqual(before);

    const json = path.join(spoilt, 'plots', `${names[1]}.json`);
    fs.writeFileSync(json, fs.readFileSync(json, 'utf8').replace('3 unseen', '4 unseen'));
    const { status, out, err } = await command('plot', spoilt);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(
      /loss-over-stream\.json" has other bytes than were written\. Have it made again .*:\n {2}metaplast resume /,
    );
    expect(await command('plot', spoilt, '--figure', names[0]!)).toMatchObject({ status: 0, err: '' });
  });

  test('lists a PNG of another width as it is, so that it counts as whole', async () => {
    const wide = path.join(home, 'wide');
    fs.cpSync(onlyRun(runs), wide, { recursive: true });
    await command('plot', wide, '--width', '640', '--figure', names[0]!);
    expect(PNG.sync.read(fs.readFileSync(path.join(wide, `plots/${names[0]}.png`))).width).toBe(640);
    expect(await command('resume', wide)).toMatchObject({ status: 0, err: '' });
  });

  test('refuses a folder that is no run directory', async () => {
    const { status, err } = await command('plot', home);
    expect(status).toBe(2);
    expect(err).toMatch(/no run directory/);
  });
});
