import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { OtherArithmeticError } from '../../../src/run/begin-again';
import * as resume from '../../../src/run/resume-run';
import { findScenario } from '../../../src/run/scenario/find-scenario';
import { planStudy } from '../../../src/study/plan/plan-study';
import { runTrial } from '../../../src/study/trial/run-trial';
import type { TrialOrder } from '../../../src/study/trial/trial-message';
import { snapshot } from '../../cli/command';
import { writeMiniScenario } from '../mini-scenario';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-trial-'));
afterAll(() => fs.rmSync(home, { recursive: true }));
afterEach(() => jest.restoreAllMocks());
const scenario = writeMiniScenario(home, 'globalThis.within?.(i);');
const never = new AbortController().signal;
const within = (each: (i: number) => void) => Object.assign(globalThis, { within: each });

/** A trial in a study folder of its own. */
async function newTrial(...overrides: string[]): Promise<{ order: TrialOrder; directory: string }> {
  within(() => {});
  const study = fs.mkdtempSync(path.join(home, 'study-'));
  for (const folder of ['claims', 'trials']) fs.mkdirSync(path.join(study, folder));
  const { trials, ...plan } = await planStudy(await findScenario(scenario), {
    seeds: '3',
    sweep: ['word=,"0"'],
    samples: null,
    preset: 'smoke',
    overrides: ['ms=0', 'steps=4', ...overrides],
    engine: 'auto',
    blas: 'auto',
    rules: 'auto',
    checkpointEvery: 1,
    lease: 60,
  });
  const order = { study, plan, trial: trials[1]!, attempt: 1, workers: 1 };
  return { order, directory: path.join(study, 'trials/0002') };
}

describe('a trial', () => {
  let whole: Record<string, string>;
  beforeAll(async () => {
    const { order, directory } = await newTrial();
    expect(await runTrial(order, never)).toEqual({ kind: 'ended' });
    whole = snapshot(directory);
    expect(JSON.parse(whole['config.json']!)).toMatchObject({ seed: 3, config: { word: '0', steps: 4 } });
  });

  test('that was interrupted goes on with the step behind the last one, to the same bytes', async () => {
    const { order, directory } = await newTrial();
    const controller = new AbortController();
    const steps: number[] = [];
    within((i) => {
      steps.push(i);
      if (i === 1) controller.abort();
    });
    expect(await runTrial(order, controller.signal)).toEqual({ kind: 'interrupted' });
    expect(await runTrial({ ...order, attempt: 2 }, never)).toEqual({ kind: 'ended' });
    expect(steps).toEqual([0, 1, 2, 3]);
    expect(snapshot(directory)).toEqual(whole);
    expect(await runTrial({ ...order, attempt: 3 }, never)).toEqual({ kind: 'ended' }); // which changes nothing
    expect(snapshot(directory)).toEqual(whole);
  });

  test('of which a killed process left nothing but the beginnings of a folder is begun anew', async () => {
    const { order, directory } = await newTrial();
    fs.mkdirSync(path.join(directory, 'checkpoints'), { recursive: true });
    expect(await runTrial(order, never)).toEqual({ kind: 'ended' });
    expect(snapshot(directory)).toEqual(whole);
  });

  test('that a machine with another arithmetic had begun is begun anew, which is noted', async () => {
    const { order, directory } = await newTrial();
    within((i) => {
      if (i === 2) throw new Error('stopped');
    });
    expect(await runTrial(order, never)).toMatchObject({ kind: 'crashed' });
    within(() => {});
    const refusal = new OtherArithmeticError({ what: 'The numbers would be worked out otherwise here' });
    jest.spyOn(resume, 'resumeRun').mockRejectedValueOnce(refusal);
    const note = 'begun anew. The numbers would be worked out otherwise here';
    expect(await runTrial(order, never)).toEqual({ kind: 'ended', note });
    expect(snapshot(directory)).toEqual(whole);
  });

  test('whose lock is held by a process of another machine goes on, since that one has lost its lease', async () => {
    const { order, directory } = await newTrial();
    within((i) => {
      if (i !== 2) return;
      // What it holds, as a process elsewhere would.
      const lock = path.join(directory, '.lock');
      fs.writeFileSync(
        lock,
        JSON.stringify({
          ...JSON.parse(fs.readFileSync(lock, 'utf8')),
          host: 'elsewhere',
          token: '0123456789abcdef',
        }),
      );
      throw new Error('stopped');
    });
    expect(await runTrial(order, never)).toMatchObject({ kind: 'crashed' });
    within(() => {});
    expect(await runTrial(order, never)).toEqual({ kind: 'ended' });
    expect(snapshot(directory)).toEqual(whole);
  });

  test('that throws has crashed, and is told by what it threw; one that diverges would diverge again', async () => {
    const { order } = await newTrial();
    within(() => {
      throw new Error('no such luck');
    });
    expect(await runTrial(order, never)).toEqual({
      kind: 'crashed',
      error: expect.stringContaining('Scenario "mini" failed: Error: no such luck'),
    });
    const other = await newTrial();
    within(() => {
      throw Object.assign(new Error('Learning diverged'), {
        name: 'DivergenceError',
        exitCode: 1,
        report: { what: '' },
      });
    });
    expect(await runTrial(other.order, never)).toEqual({
      kind: 'failed',
      error: expect.stringContaining('Learning diverged'),
    });
  });
});
