import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStudy } from '../../src/study/study-directory';
import { writeMiniScenario } from '../study/mini-scenario';
import { courses } from '../study/studies';
import { command, start } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-search-command-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
const scenario = writeMiniScenario(
  home,
  'metric({ metaStep: i + 1, loss: config.scale + 1 / (i + 1), los: 1 });',
);
const runs = path.join(home, 'runs');
const search = (...flags: string[]) => command('search', ...flags, '--runs', runs, '--quiet');
const space = path.join(home, 'space.json');
fs.writeFileSync(
  space,
  JSON.stringify({
    ...{ title: 'Of mini', scenario: 'mini', preset: 'smoke', metric: 'loss:min', samples: 4 },
    set: { ms: 0, steps: 12 },
    sweep: { scale: 'uniform(0..1)', 'group.a': [1, 2, 3] },
  }),
);

describe('metaplast search refuses at the door, before any folder is made,', () => {
  const scale = ['--sweep', 'scale=1,2'];
  test.each([
    [[], /A search needs a scenario.*Legal: metaplast search SCENARIO/],
    [[scenario, '--metric', 'loss'], /needs settings to search over.*--space FILE/],
    [[scenario, ...scale], /needs what it goes by.*--metric NAME:min/],
    [[scenario, ...scale, '--metric', 'score'], /not known which way.*score:min or score:max/],
    [['boston', '--sweep', 'beta=1,2', '--metric', 'heldout'], /no such metric.*Did you mean "heldOut"/],
    [['boston', '--sweep', 'betta=1,2'], /no setting "betta".*Did you mean "beta"/],
    [['toy', '--sweep', 'lambda=1,2'], /records nothing by meta-step/],
    [['sinusoid', '--sweep', 'method=all,maml'], /would run several\. Got "all"/],
    [['boston', '--space', space], /space \(--space\) is one of another scenario\. Got "boston".*mini/],
    [['--space', 's9'], /no such search space/],
    [['--space', space], /no such scenario.*Got "mini"/],
    [[scenario, '--space', space, '--set', 'group.b=1'], /no setting "group\.b"/],
    [[scenario, ...scale, '--metric', 'loss', '--stop', 'sometimes'], /median, halving, none/],
    [[scenario, ...scale, '--metric', 'loss', '--grace', '0'], /Legal: 1, 2/],
    [[scenario, ...scale, '--metric', 'loss', '--reduction', '1'], /Legal: 2, 3/],
    [[scenario, ...scale, '--metric', 'loss', '--samples', '9'], /not so many combinations/],
  ])('%j', async (flags, why) => {
    const { status, out, err } = await search(...flags);
    expect(err).toMatch(why);
    expect([status, out]).toEqual([2, '']);
    expect(fs.existsSync(runs)).toBe(false);
  });

  test('and says with --dry-run what it would search, and makes nothing', async () => {
    const argv = ['search', scenario, '--space', space, '--grace', '2', '--runs', runs, '--dry-run'];
    const { status, out } = await command(...argv);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^Of mini\n4 trials of mini, preset smoke: 4 of settings, 1 of seeds\.\ntrial {2}seed +scale +group\.a\n/,
    );
    expect(out).toContain('Searched for the lowest loss. From meta-steps 2, 6, 18, ... one of 3 goes on.');
    const { trials, search: asked } = JSON.parse((await command(...argv, '--json')).out);
    expect([trials.length, asked.stop, asked.space]).toEqual([4, 'halving', 'space']);
    expect(fs.existsSync(runs)).toBe(false);
  });
});

describe('metaplast search', () => {
  test('finds the best, and says who was stopped where, what that saved, and how to go on', async () => {
    const flags = [
      '--sweep',
      'scale=lin(0..1,9)',
      '--set',
      'ms=0',
      '--metric',
      'loss',
      '--grace',
      '2',
      '--jobs',
      '1',
    ];
    const argv = ['search', scenario, ...flags, '--runs', runs, '--name', 'nine'];
    const { status, out } = await start(argv).ended;
    expect(status).toBe(0);
    const study = path.join(runs, fs.readdirSync(runs).find((name) => name.endsWith('study-nine'))!);
    // In random order: who has 0 for the scale, which is the best, and is drawn as one of nine?
    const { plan } = openStudy(study);
    const scales = plan.trials.map(({ settings }) => settings.scale as number);
    expect(scales.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 9 }, (_, i) => i / 8));
    expect(scales).not.toEqual(scales.toSorted((x, y) => x - y));
    const best = scales.indexOf(0) + 1;
    expect(out).toMatch(
      new RegExp(`trial {2}seed +scale +loss {2}metaStep\\n +${best} +1 +0 +0\\.0500000 +20\\n`),
    );
    expect(out).toContain(`The best is trial ${best},`);
    // Each came to meta-step 2 at the least, three to 6, and one to the end; what was taken is what was recorded.
    const taken = plan.trials.map(({ trial }) => {
      const file = path.join(study, 'trials', `000${trial}`, 'metrics.ndjson');
      return fs.readFileSync(file, 'utf8').trim().split('\n').length / 2;
    });
    expect(Math.min(...taken)).toBe(2);
    expect(taken.filter((steps) => steps >= 6).length).toBeGreaterThanOrEqual(3);
    expect(taken[best - 1]).toBe(20);
    const sum = taken.reduce((all, steps) => all + steps, 0);
    expect(out).toContain(`${sum} meta-steps were taken, of 180 with every trial run to its end: `);
    const stopped = taken.filter((steps) => steps < 20).length;
    expect(out).toContain(`${9 - stopped} of 9 trials have come to their ends; ${stopped} were stopped (`);
    expect(out).toMatch(
      /npx metaplast sweep \S*mini\.js --preset cpu --seeds 2\.\.11 --set ms=0 --set scale=0\n/,
    );
    // The first to come has nobody to be compared with, and waits.
    expect(courses(study)[1]).toMatch(/^claimed 1, reported 1, stopped 1/);
    // Nothing is left, and comparing takes it as any study; stopped trials are named.
    expect((await command('work', study)).out).toContain(`${stopped} were stopped`);
    const compared = await command('compare', study, '--json');
    expect(JSON.parse(compared.out).scenarios).toHaveLength(1);
    const [svg, png] = ['svg', 'png'].map((kind) => fs.readFileSync(path.join(study, `parallel.${kind}`)));
    expect(svg!.toString().match(/<polyline/g)).toHaveLength(10); // The best has an outline.
    expect(png!.subarray(1, 4).toString()).toBe('PNG');
    // What it says next can be done.
    const line = out.split('\n').find((text) => text.includes('npx metaplast sweep'))!;
    const words = line
      .trim()
      .split(' ')
      .slice(2)
      .map((word) => (word.endsWith('mini.js') ? scenario : word));
    const again = await start([...words, '--runs', path.join(home, 'again'), '--json', '--quiet']).ended;
    expect(JSON.parse(again.out)).toMatchObject({ trials: 10, ended: 10 });
  });

  test('takes a space, of which --set and --sweep change what they name, and leaves the work to others', async () => {
    const flags = [
      '--set',
      'group.a=7',
      '--sweep',
      'scale=0,1',
      '--samples',
      '2',
      '--name',
      'changed',
      '--jobs',
      '0',
    ];
    const { status, out } = await search(scenario, '--space', space, ...flags);
    expect(status).toBe(0);
    const study = out.trim().replace('metaplast work ', '');
    const { plan } = openStudy(study);
    expect(plan).toMatchObject({ preset: 'smoke', settings: { ms: 0, steps: 12, 'group.a': 7 } });
    expect(plan.trials.map(({ settings }) => settings.scale).sort()).toEqual([0, 1]);
    expect(plan.search).toEqual({
      ...{ metric: 'loss', better: 'lower', stop: 'halving', grace: 10, reduction: 3, space: 'space' },
    });
    const { out: worked } = await start(['work', study, '--json', '--quiet']).ended;
    expect(JSON.parse(worked)).toMatchObject({ trials: 2, ended: 1, stopped: [{ rung: 10, trials: 1 }] });
  });

  test('ends at the first trial where no such metric is recorded, with those that are', async () => {
    const flags = [
      '--sweep',
      'scale=0,1',
      '--metric',
      'lossy:min',
      '--set',
      'ms=0',
      '--grace',
      '2',
      '--jobs',
      '1',
    ];
    const { status, err } = await start([
      'search',
      scenario,
      ...flags,
      '--runs',
      path.join(home, 'wrong'),
      '--quiet',
    ]).ended;
    expect(status).toBe(2);
    expect(err).toMatch(/No trial records the metric "lossy".*Legal: loss, los/);
    const none = [
      '--sweep',
      'scale=0,1',
      '--metric',
      'sum:min',
      '--set',
      'ms=0',
      '--stop',
      'none',
      '--jobs',
      '1',
    ];
    const plain = writeMiniScenario(fs.mkdtempSync(path.join(home, 'plain-')));
    const nothing = await start(['search', plain, ...none, '--runs', path.join(home, 'wrong'), '--quiet'])
      .ended;
    expect(nothing.err).toMatch(/records nothing by metaStep/);
    expect(nothing.status).toBe(2);
  });

  test('warns where it would choose by test data', async () => {
    const { err } = await command(
      'search',
      'boston',
      '--sweep',
      'beta=0.1,1',
      '--metric',
      'test',
      '--dry-run',
    );
    expect(err).toMatch(/^warning: test is of test data: what is chosen by them, they no longer judge/);
  });
});
