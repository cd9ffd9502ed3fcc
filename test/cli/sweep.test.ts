import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStudy } from '../../src/study/study-directory';
import { writeMiniScenario } from '../study/mini-scenario';
import { resultsOf } from '../study/studies';
import { command, start } from './command';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-sweep-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
const scenario = writeMiniScenario(home);
const runs = path.join(home, 'runs');
const sweep = (...flags: string[]) => command('sweep', scenario, '--runs', runs, '--quiet', ...flags);

describe('metaplast sweep refuses at the door, before any folder is made,', () => {
  test.each([
    [
      ['--sweep', 'scal=1,2'],
      /There is no setting "scal" in the configuration of "mini".*Did you mean "scale"\?/,
    ],
    [['--sweep', 'group.b=1,2'], /There is no setting "group\.b".*Legal: a/],
    [['--sweep', 'scale=1,-1'], /scale in the configuration of "mini" must not be negative\. Got -1/],
    [['--sweep', 'steps=lin(1..2,3)'], /steps in .* must be a whole number\. Got 1\.5/],
    [['--sweep', 'flag=true,maybe'], /flag in .* must be true or false\. Got "maybe"/],
    [['--sweep', 'scale=1,2,'], /scale in .* must be a finite number\. Got ""/],
    [['--sweep', 'scale.deep=1'], /scale in .*must be a finite number/],
    [['--sweep', 'scale=1', '--sweep', 'scale=2'], /scale is swept twice/],
    [
      ['--sweep', 'group={"a":1}', '--sweep', 'group.a=2'],
      /group and group\.a are swept .* part of the other/,
    ],
    [['--sweep', 'scale=1,2', '--set', 'scale=3'], /scale is swept .* and it is set too/],
    [['--sweep', 'seed=1,2'], /Seeds are no setting.*--seeds 1,2/],
    [['--sweep', 'scale=uniform(0..1)'], /--samples COUNT/],
    [['--sweep', 'scale=1,2', '--samples', '3'], /Leave out --samples for all 2/],
    [['--samples', '3'], /draws from what is swept, and nothing is/],
    [['--seeds', '5..1'], /Did you mean 1\.\.5\?/],
    [['--seeds', '1..1000', '--sweep', 'scale=lin(0..1,1000)'], /too many trials\. Got 1000000/],
    [['--set', 'scale=-1'], /must not be negative/],
    [['--set', 'scale'], /--set needs a setting and a value/],
    [['--preset', 'huge'], /no such preset/],
    [['--engine', 'warp'], /warp/],
    [['--rules', 'none'], /none/],
    [['--jobs', '-1'], /Legal: 0, 1/],
    [['--samples', '0'], /Legal: 1, 2/],
    [['--lease', '0'], /lease in seconds .* out of range.*1 to 86400/],
    [['--name', 'a/b'], /study's name \(--name\) cannot be part/],
    [['--seed', '1'], /unknown option '--seed'.*--seeds/s],
  ])('%j', async (flags, why) => {
    const { status, out, err } = await sweep(...flags);
    expect(err).toMatch(why);
    expect([status, out]).toEqual([2, '']);
    expect(fs.existsSync(runs)).toBe(false);
  });
});

describe('metaplast sweep', () => {
  test('says with --dry-run how many trials there are and how long they take by the first, and leaves nothing', async () => {
    const flags = ['--seeds', '1..3', '--sweep', 'scale=lin(0..1,5)', '--jobs', '2', '--dry-run'];
    const temporary = fs.mkdtempSync(path.join(home, 'temporary-'));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    const { ended } = start(['sweep', scenario, '--runs', runs, ...flags, '--json']);
    Object.assign(process.env, before === undefined ? { TMPDIR: '' } : { TMPDIR: before });
    const { status, out, err } = await ended;
    expect(status).toBe(0);
    expect(err).toMatch(
      /^15 trials of mini, preset cpu: 5 of settings, 3 of seeds\.\ntrial {2}seed {2}scale\n/,
    );
    expect(err).toMatch(/\n... and 10 more\n/);
    expect(err).toMatch(/The first took .* 2 at a time all take about .*\. Nothing was kept/);
    const { count, firstSeconds, seconds } = JSON.parse(out);
    expect([count, seconds]).toEqual([15, 8 * firstSeconds]);
    expect(fs.existsSync(runs)).toBe(false);
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  test('writes down every trial with values as they are, runs them, and each is a run as any other', async () => {
    const flags = ['--sweep', 'flag=false,null', '--sweep', 'word=,0,"0"', '--sweep', 'scale=0'];
    const { status, out } = await sweep(
      ...flags,
      '--set',
      'ms=0',
      '--set',
      'steps=2',
      '--name',
      'kinds',
      '--json',
    );
    // "0" is a text, 0 is not.
    expect([status, out]).toEqual([2, '']);
    const again = await sweep(
      ...['--sweep', 'flag=false,null', '--sweep', 'word=,"0"', '--sweep', 'scale=0'],
      ...['--set', 'ms=0', '--set', 'steps=2', '--name', 'kinds', '--json'],
    );
    expect(again.status).toBe(0);
    const { study, trials, ended, left, failed } = JSON.parse(again.out);
    expect({ trials, ended, left, failed }).toEqual({ trials: 4, ended: 4, left: 0, failed: [] });
    expect(path.basename(study)).toMatch(/^\d{4}-\d\d-\d\d-study-kinds$/);
    const { plan } = openStudy(study);
    expect(plan.trials.map(({ settings }) => settings)).toEqual([
      { flag: false, word: '', scale: 0 },
      { flag: false, word: '0', scale: 0 },
      { flag: null, word: '', scale: 0 },
      { flag: null, word: '0', scale: 0 },
    ]);
    expect(plan).toMatchObject({
      format: 1,
      scenario: 'mini',
      file: scenario,
      settings: { ms: 0, steps: 2 },
      seeds: [1],
      space: { flag: { kind: 'values', values: [false, null], as: 'false,null' } },
    });
    plan.trials.forEach(({ trial, settings }) => {
      const config = JSON.parse(fs.readFileSync(path.join(study, `trials/000${trial}/config.json`), 'utf8'));
      expect(config).toMatchObject({ scenario: 'mini', seed: 1, config: { ...settings, steps: 2 } });
      expect(config.command).toContain('metaplast run');
    });
    const compared = JSON.parse((await command('compare', study, '--json')).out).scenarios;
    expect(compared).toMatchObject([{ scenario: 'mini', settings: { differing: ['flag', 'word'] } }]);
    const { rows } = compared[0];
    const told = rows.map(({ settings }: { settings: object }) => settings);
    expect(new Set(told)).toEqual(
      new Set(plan.trials.map(({ settings: { flag, word } }) => ({ flag, word }))),
    );
    const [before, first] = [resultsOf(study), path.join(study, 'trials/0001')];
    expect(await command('resume', first, '--quiet')).toMatchObject({ status: 0 });
    expect((await command('trace', first)).err).toMatch(/recorded no trace/);
    expect((await command('plot', first)).err).toMatch(/drawn no figure/);
    expect(resultsOf(study)).toEqual(before);

    // A taken name, then what the folder does not let in.
    expect((await sweep('--name', 'kinds')).err).toContain(`metaplast work ${study}`);
    const planFile = path.join(study, 'study.json');
    const text = fs.readFileSync(planFile, 'utf8');
    fs.writeFileSync(planFile, text.replace(`"version": "${plan.version}"`, '"version": "9.9.9"'));
    const other = await command('work', study);
    expect(other).toMatchObject({ status: 2, out: '' });
    expect(other.err).toMatch(
      /another version of metaplast.*Got "9\.9\.9".*Work on it with metaplast 9\.9\.9/,
    );
    fs.writeFileSync(planFile, text.slice(0, -20));
    expect((await command('work', study)).err).toMatch(/study\.json" is not as the study wrote it/);
    fs.writeFileSync(planFile, text);
    fs.appendFileSync(scenario, '// changed\n');
    expect((await command('work', study)).err).toMatch(
      /not as it was when the study began: .*mini\.js" was changed/,
    );
    expect((await command('work', first)).err).toMatch(/is no study.*It is a run:\n {2}metaplast resume/s);
    expect((await command('work', home)).err).toMatch(/is no study: it has no study\.json/);
    expect((await command('work', path.join(home, 'nowhere'))).err).toMatch(/is no study/);
  });
});
