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
    expect(out).toMatch(/trial {2}seed {2}scale +loss {2}metaStep\n +1 +1 +0 {2}0\.0500000 +20\n/);
    // Worse ones come later: of nine, three go on, of three, one; alone there, it went on to the end.
    expect(out).toMatch(
      /1 of 9 trials have come to their ends; 8 were stopped \(6 at meta-step 2, 2 at meta-step 6\)/,
    );
    expect(out).toContain(
      `${6 * 2 + 2 * 6 + 20} meta-steps were taken, of 180 with every trial run to its end: 76 % saved.`,
    );
    expect(out).toContain('The best is trial 1,');
    expect(out).toMatch(
      /npx metaplast sweep \S*mini\.js --preset cpu --seeds 2\.\.11 --set ms=0 --set scale=0\n/,
    );
    expect(courses(study)[1]).toMatch(/^claimed 1, reported 1, stopped 1, promoted 2, reported 2, /);
    expect(courses(study)[9]).toBe('claimed 1, reported 1, stopped 1');
    // Nothing is left, and comparing takes it as any study; stopped trials are named.
    expect((await command('work', study)).out).toContain('8 were stopped');
    const compared = await command('compare', study, '--json');
    expect(JSON.parse(compared.out).scenarios).toHaveLength(1);
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
