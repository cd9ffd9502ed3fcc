import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Claims } from '../../src/study/claims/claims';
import { command, start } from '../cli/command';
import { disturb } from './disturb';
import { writeMiniScenario } from './mini-scenario';
import { courses, resultsOf, studyIn, told, until } from './studies';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-study-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
let folders = 0;

/** Begins a study in a folder of its own. */
async function sweep(scenario: string, ...flags: string[]) {
  const runs = path.join(home, `runs-${folders++}`);
  const running = start(['sweep', scenario, '--runs', runs, '--checkpoint-every', '1', ...flags]);
  const study = await Promise.race([
    studyIn(runs),
    running.ended.then(({ err }) => Promise.reject(new Error(err))),
  ]);
  return { study, running };
}

/** A study of which nothing was run yet. */
async function planned(scenario: string, ...flags: string[]): Promise<string> {
  const { study, running } = await sweep(scenario, ...flags, '--jobs', '0');
  expect(await running.ended).toMatchObject({ status: 0, out: `  metaplast work ${study}\n` });
  return study;
}

const twelve = ['--seeds', '1..3', '--sweep', 'scale=0,1', '--sweep', 'group.a=1,2'];

describe('a study', () => {
  const scenario = writeMiniScenario(home);

  test('that is killed again and again, workers and trials, comes to the same bytes as one that two workers did in peace', async () => {
    const peaceful = await planned(scenario, ...twelve);
    const workers = [1, 2].map(() => start(['work', peaceful, '--jobs', '1', '--wait', '--quiet']));
    for (const { ended } of workers) expect(await ended).toEqual({ status: 0, out: '', err: '' });
    // No trial was begun by both.
    expect(Object.values(courses(peaceful))).toEqual(Array.from({ length: 12 }, () => 'claimed 1, ended 1'));
    expect(new Set(told(peaceful).map(({ worker }) => worker)).size).toBeGreaterThan(1);

    const study = await planned(scenario, ...twelve);
    let state = 7;
    const random = () => {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      return state / 2 ** 31;
    };
    const { workersKilled, trialsKilled } = await disturb(study, { workers: 2, jobs: 1, kills: 8, random });
    expect(workersKilled).toBeGreaterThan(0);
    expect(trialsKilled).toBeGreaterThan(0);
    expect(told(study).filter(({ event }) => event === 'failed')).toEqual([]);
    expect(resultsOf(study)).toEqual(resultsOf(peaceful));
  });

  test('that is interrupted says how to go on, and goes on to the same bytes', async () => {
    const slow = ['--seeds', '1,2', '--set', 'ms=20', '--set', 'steps=30', '--jobs', '2'];
    const { study, running } = await sweep(scenario, ...slow);
    await until(study, (entries) => entries.length >= 2);
    const metrics = path.join(study, 'trials/0002/metrics.ndjson');
    while (!fs.existsSync(metrics) || fs.statSync(metrics).size === 0)
      await new Promise((r) => setTimeout(r, 10));
    running.child.kill('SIGINT');
    const { status, err } = await running.ended;
    expect(status).toBe(130);
    expect(err).toContain('interrupted after');
    expect(err).toContain(`  metaplast work ${study}\n`);
    expect(Object.values(courses(study)).some((course) => course.endsWith('interrupted 1'))).toBe(true);
    const done = await start(['work', study, '--json']).ended;
    expect(done.status).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ study, trials: 2, ended: 2, failed: [], left: 0 });
    const whole = await sweep(scenario, ...slow);
    expect((await whole.running.ended).status).toBe(0);
    expect(resultsOf(study)).toEqual(resultsOf(whole.study));
    // Nothing is left; it says so again.
    expect(await command('work', study)).toMatchObject({
      status: 0,
      out: expect.stringContaining('2 of 2 trials'),
    });
  });

  test('goes on past trials that abort, throw or exit, tries each once more, and says which failed and why', async () => {
    const folder = fs.mkdtempSync(path.join(home, 'bad-'));
    const bad = writeMiniScenario(
      folder,
      `const once = ${JSON.stringify(folder)} + '/' + context.seed;
      fs.appendFileSync(once + '.steps', i + ' ');
      if (i === 3 && context.seed === 1) process.abort();
      if (i === 3 && context.seed === 2) throw new Error('no such luck');
      if (i === 3 && context.seed === 3 && !fs.existsSync(once)) { fs.writeFileSync(once, ''); process.exit(3); }`,
    );
    const { study, running } = await sweep(bad, '--seeds', '1..4', '--jobs', '2');
    const { status, out, err } = await running.ended;
    expect(status).toBe(1);
    expect(out).toMatch(/2 of 4 trials have ended, 2 failed\./);
    expect(out).toMatch(/ {2}trial 1 \(.*0001\): Its process was killed by SIGABRT, as when the memory/);
    expect(out).toMatch(/ {2}trial 2 \(.*0002\): Scenario "mini" failed: Error: no such luck\./);
    expect(err).toMatch(/trial 3 crashed and will be tried once more: Its process ended with status 3/);
    expect(courses(study)).toEqual({
      1: 'claimed 1, crashed 1, retried 2, crashed 2, failed 2',
      2: 'claimed 1, crashed 1, retried 2, crashed 2, failed 2',
      3: 'claimed 1, crashed 1, retried 2, ended 2',
      4: 'claimed 1, ended 1',
    });
    // It went on from its checkpoint, and did not begin anew.
    const steps = fs.readFileSync(path.join(folder, '3.steps'), 'utf8').trim().split(' ').map(Number);
    expect(steps).toEqual([0, 1, 2, 3, ...Array.from({ length: 17 }, (_, i) => i + 3)]);
  });

  test('whose worker loses a trial to another machine ends it before it writes on', async () => {
    const { study, running } = await sweep(
      scenario,
      '--set',
      'ms=50',
      '--set',
      'steps=100000',
      '--jobs',
      '1',
      '--lease',
      '600',
    );
    const metrics = path.join(study, 'trials/0001/metrics.ndjson');
    while (!fs.existsSync(metrics) || fs.statSync(metrics).size === 0)
      await new Promise((r) => setTimeout(r, 10));
    new Claims(path.join(study, 'claims'), 'of another machine').take(1, 2);
    const length = fs.statSync(metrics).size;
    await until(study, (entries) => entries.some(({ event }) => event === 'lost'));
    // At most the line that was being written.
    expect(fs.statSync(metrics).size - length).toBeLessThan(60);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(130);
    expect(courses(study)).toEqual({ 1: 'claimed 1, lost 1' });
  });

  test('whose worker is stopped is taken over when its lease is over, and its results are those of the taker alone', async () => {
    const slow = ['--set', 'ms=20', '--set', 'steps=60', '--jobs', '1', '--lease', '1'];
    const { study, running } = await sweep(scenario, ...slow);
    const metrics = path.join(study, 'trials/0001/metrics.ndjson');
    while (!fs.existsSync(metrics) || fs.statSync(metrics).size === 0)
      await new Promise((r) => setTimeout(r, 10));
    running.child.kill('SIGSTOP');
    expect(await start(['work', study, '--jobs', '1', '--wait']).ended).toMatchObject({ status: 0 });
    running.child.kill('SIGCONT');
    expect((await running.ended).status).toBe(0);
    expect(courses(study)).toEqual({ 1: 'claimed 1, resumed 2, ended 2, lost 1' });
    const whole = await sweep(scenario, ...slow);
    await whole.running.ended;
    expect(resultsOf(study)).toEqual(resultsOf(whole.study));
  });
});
