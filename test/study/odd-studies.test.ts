import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command, repository, startProcess } from '../cli/command';
import { writeMiniScenario } from './mini-scenario';
import { courses, studyIn, told } from './studies';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-odd-studies-'));
afterAll(() => fs.rmSync(home, { recursive: true }));
const main = path.join(repository, 'dist/src/cli/main.js');

/** A study of two trials of which none was begun. */
async function planned(name: string): Promise<string> {
  const runs = path.join(home, name);
  const flags = ['--seeds', '1,2', '--jobs', '0', '--quiet', '--runs', runs];
  await command('sweep', writeMiniScenario(home), ...flags);
  return studyIn(runs);
}

describe('a study', () => {
  test('whose plan is not as it was written is refused by name, and stays as it is', async () => {
    const study = await planned('unreadable');
    const file = path.join(study, 'study.json');
    const whole = fs.readFileSync(file, 'utf8');
    const { trials, ...without } = JSON.parse(whole);
    for (const [text, why] of [
      ['', /study\.json" is not as the study wrote it: it is no JSON/],
      [whole.slice(0, 200), /it is no JSON/],
      ['null', /study\.json/],
      ['[]', /study\.json/],
      [JSON.stringify(without), /trials in .*study\.json is missing/],
      [JSON.stringify({ ...without, trials: [{ ...trials[0], seed: 'one' }] }), /seed.* Got "one"/],
      [JSON.stringify({ ...without, trials, version: '0.0.1' }), /another version.*Got "0\.0\.1"/],
    ] as const) {
      fs.writeFileSync(file, text);
      const { status, out, err } = await command('work', study, '--quiet');
      expect(err).toMatch(why);
      expect([status, out]).toEqual([2, '']);
      expect([told(study), fs.readdirSync(path.join(study, 'claims'))]).toEqual([[], []]);
    }
    fs.rmSync(file);
    fs.mkdirSync(file);
    expect((await command('work', study)).err).toMatch(/study\.json/);
  });

  test('of which no trial has begun says so where it is compared', async () => {
    const { status, err } = await command('compare', await planned('none'));
    expect(err).toMatch(/None of its trials has begun/);
    expect(status).toBe(2);
  });

  test('goes on past a trial that uses up its memory, and says what gives it more', async () => {
    const hoard = `
      if (context.seed === 1) for (const all = []; ; ) all.push(new Array(1e5).fill(i));`;
    const folder = fs.mkdtempSync(path.join(home, 'memory-'));
    const runs = path.join(folder, 'runs');
    const flags = ['--seeds', '1,2', '--set', 'ms=0', '--jobs', '1', '--quiet', '--runs', runs];
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--max-old-space-size=96';
    const { ended } = startProcess([main, 'sweep', writeMiniScenario(folder, hoard), ...flags]);
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
    expect((await ended).status).toBe(1);
    const study = await studyIn(runs);
    expect(courses(study)).toEqual({
      1: 'claimed 1, crashed 1, retried 2, crashed 2, failed 2',
      2: 'claimed 1, ended 1',
    });
    const errors = told(study).flatMap(({ error }) => (error === undefined ? [] : [error]));
    for (const error of errors)
      expect(error).toMatch(
        /was killed by SIGABRT, as when the memory that Node may take is used up \(NODE_OPTIONS=--max-old-space-size=MB\)/,
      );
    expect(errors).toHaveLength(3);
  });
});
