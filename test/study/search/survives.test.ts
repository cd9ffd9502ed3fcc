import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { outcomesOf } from '../../../src/study/outcomes-of';
import { openStudy } from '../../../src/study/study-directory';
import { start } from '../../cli/command';
import { disturb } from '../disturb';
import { writeMiniScenario } from '../mini-scenario';
import { resultsOf, studyIn, told } from '../studies';
import { replay } from './replay';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-search-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
// Curves that come down, the lower the nearer `scale` is to 0.3, and cross at first.
const scenario = writeMiniScenario(
  home,
  'metric({ metaStep: i + 1, loss: Math.abs(config.scale - 0.3) + stream.normal() / (i + 2) ** 2 });',
);
let folders = 0;

async function planned(...flags: string[]): Promise<string> {
  const runs = path.join(home, `runs-${folders++}`);
  const common = ['--sweep', 'scale=lin(0..1,12)', '--seeds', '1,2', '--set', 'steps=30'];
  const all = [
    'search',
    scenario,
    '--runs',
    runs,
    '--checkpoint-every',
    '4',
    ...common,
    ...flags,
    '--jobs',
    '0',
  ];
  expect(await start(all).ended).toMatchObject({ status: 0 });
  return studyIn(runs);
}
const asked = ['--metric', 'loss:min', '--grace', '3'];

const isOver = (study: string) => () => {
  const { plan } = openStudy(study);
  const outcomes = outcomesOf(plan);
  outcomes.add(told(study));
  return outcomes.settled.size === plan.trials.length;
};

describe('a search', () => {
  let whole: string;
  beforeAll(async () => {
    // The same trials in the same order, none of which is stopped.
    whole = await planned(...asked, '--stop', 'none');
    await start(['work', whole, '--jobs', '2', '--quiet']).ended;
  });
  const metricsOf = (study: string, trial: number) =>
    fs.readFileSync(path.join(study, 'trials', String(trial).padStart(4, '0'), 'metrics.ndjson'), 'utf8');

  test('that two workers share, and that is killed again and again, settles every trial by decisions that follow from its journal, and each is a part of the same run', async () => {
    const study = await planned(...asked, '--stop', 'halving');
    let state = 5;
    const random = () => {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      return state / 2 ** 31;
    };
    const { workersKilled, trialsKilled } = await disturb(
      study,
      { workers: 2, jobs: 1, kills: 8, random },
      isOver(study),
    );
    expect(workersKilled).toBeGreaterThan(0);
    expect(trialsKilled).toBeGreaterThan(0);
    const { plan } = openStudy(study);
    const entries = told(study);
    expect(entries.filter(({ event }) => event === 'failed')).toEqual([]);
    expect(replay(plan, entries)).toBeGreaterThan(plan.trials.length / 2);
    // Each attempt was begun by one worker.
    const begun = entries.filter(({ event }) => /^(claimed|resumed|retried|promoted)$/.test(event));
    expect(new Set(begun.map(({ trial, attempt }) => `${trial}.${attempt}`)).size).toBe(begun.length);
    const outcomes = outcomesOf(plan);
    outcomes.add(entries);
    const stopped = [...outcomes.settled.values()].filter(({ event }) => event === 'stopped');
    expect(stopped.length).toBeGreaterThan(12);
    for (const { trial } of plan.trials) {
      const [there, full] = [metricsOf(study, trial), metricsOf(whole, trial)];
      expect(full.startsWith(there)).toBe(true);
      expect(there === full).toBe(outcomes.settled.get(trial)!.event === 'ended');
    }
    // Of each seed the best came to its end, and somebody was stopped at each of the first rungs.
    const ended = plan.trials.filter(({ trial }) => outcomes.settled.get(trial)!.event === 'ended');
    expect(new Set(ended.map(({ seed }) => seed))).toEqual(new Set([1, 2]));
    // At later ones too, where by chance of their order two came so far.
    expect(stopped.map(({ rung }) => rung)).toEqual(expect.arrayContaining([3, 9]));

    // What was stopped goes on by hand, to the bytes of a run that nobody stopped.
    for (const { trial } of stopped) {
      const directory = path.join(study, 'trials', String(trial).padStart(4, '0'));
      expect(await start(['resume', directory, '--quiet']).ended).toMatchObject({ status: 0 });
    }
    expect(resultsOf(study)).toEqual(resultsOf(whole));
  });

  test('in peace stops each trial right at the rung where its report came to be too bad', async () => {
    const study = await planned(...asked, '--stop', 'halving');
    const workers = [1, 2].map(() => start(['work', study, '--jobs', '1', '--wait', '--json', '--quiet']));
    const [{ out }] = (await Promise.all(workers.map(({ ended }) => ended))) as [{ out: string }, unknown];
    const { plan } = openStudy(study);
    const entries = told(study);
    replay(plan, entries);
    expect(new Set(entries.map(({ worker }) => worker)).size).toBe(2);
    for (const { trial, rung } of entries.filter((entry) => entry.event === 'stopped'))
      if (!entries.some((entry) => entry.trial === trial && entry.event === 'promoted')) {
        const lines = metricsOf(study, trial).trim().split('\n');
        expect(JSON.parse(lines.at(-2)!)).toMatchObject({ metaStep: rung });
      }
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({
      trials: 24,
      left: 0,
      failed: [],
      search: { metric: 'loss', better: 'lower' },
    });
    const { best, stopped, metaSteps, ended } = summary;
    expect(ended + stopped.reduce((sum: number, at: { trials: number }) => sum + at.trials, 0)).toBe(24);
    const taken = plan.trials.map(({ trial }) => metricsOf(study, trial).trim().split('\n').length / 2);
    expect(metaSteps.taken).toBe(taken.reduce((sum, steps) => sum + steps, 0));
    expect(metaSteps).toMatchObject({ toTheEnd: 24 * 30, saved: 24 * 30 - metaSteps.taken });
    expect(best[0].settings.scale).toBeCloseTo(0.3, 1);
    expect(summary.rerun).toContain(`--seeds 3..12 --set steps=30 --set scale=${best[0].settings.scale}`);
  });

  test('by medians stops for good, by decisions that follow from its journal', async () => {
    const study = await planned(...asked, '--stop', 'median');
    expect(await start(['work', study, '--jobs', '2', '--quiet']).ended).toMatchObject({ status: 0 });
    const { plan } = openStudy(study);
    const entries = told(study);
    const decisions = replay(plan, entries);
    expect(decisions).toBeGreaterThan(3);
    expect(entries.filter(({ event }) => event === 'stopped')).toHaveLength(decisions);
    for (const { trial } of plan.trials)
      expect(metricsOf(whole, trial).startsWith(metricsOf(study, trial))).toBe(true);
  });
});
