import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Connection } from '../../src/synapse/topology';
import { readNpy } from '../../src/trace/npy';
import { command, type Finished, onlyRun } from './command';
import { writeOwnStream } from './own-stream';

type Methods = Record<string, { heldOutLoss: { steps: number; mean: number; halfWidth: number }[] }>;

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-streams-'));
let count = 0;
const newRuns = () => path.join(home, String(count++));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const set = (settings: Record<string, unknown>): string[] =>
  Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]);
const small = set({ metaSteps: 4, batch: 2, 'unseen.tasks': 3, 'unseen.every': 2 });
const sinusoid = (runs: string, ...more: string[]): Promise<Finished> =>
  command('run', 'sinusoid', '--runs', runs, '--rules', 'plain', ...small, '--set', 'hidden=4', ...more);
const summaryOf = (runs: string) =>
  JSON.parse(fs.readFileSync(path.join(onlyRun(runs), 'summary.json'), 'utf8'));

/** How the source of a user's own scenario spoils episode `i` of its stream, or `unseen` ones too. */
const spoiling: Record<string, string> = {
  none: '',
  nan: 'if (i % 2 === 1) data.train.y[0] = NaN;',
  'nothing held out':
    'if (i % 2 === 1) data.heldOut = { ...data.heldOut, samples: 0, x: new Float64Array(0), y: new Float64Array(0) };',
  diverging: 'if (i % 2 === 1) data.train.y.fill(1e200);',
  ending: 'if (i === 5) return null;',
  'all bad': 'data.heldOut.x[0] = Infinity;',
  throwing: "if (i === 3) throw new RangeError('the sensor is unplugged');",
};

/** A scenario file whose stream is spoiled; its unseen tasks are only where `unseenToo`. */
const scenario = (kind: string, unseenToo = false): string =>
  writeOwnStream(fs.mkdtempSync(path.join(home, 'own-')), {
    spoil: spoiling[kind]!,
    spoilUnseen: unseenToo ? spoiling[kind]! : '',
  });

const own = (kind: string, runs: string, ...more: string[]): Promise<Finished> =>
  command('run', scenario(kind), '--runs', runs, '--rules', 'plain', '--quiet', ...small, ...more);

describe('a stream with bad tasks', () => {
  test.each([
    ['nan', /^contrastive: task 1 was skipped: .*y\[0\]/],
    ['nothing held out', /^contrastive: task 1 was skipped: .*samples/],
    ['diverging', /^contrastive: own 1 was skipped: Learning diverged in task "own 1"/],
  ])('skips them, with a warning each and a count: %s', async (kind, warning) => {
    const runs = newRuns();
    expect(await own(kind, runs)).toMatchObject({ status: 0, err: '' });
    const { methods, warnings } = summaryOf(runs);
    expect(methods.contrastive).toMatchObject({ tasks: 8, learned: 4, skipped: 4, streamEnded: false });
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toMatch(warning);
  });

  test.each([
    ['nan', 2, /^metaplast: .*y\[0\]/],
    ['nothing held out', 2, /^metaplast: .*samples/],
    [
      'diverging',
      1,
      /^metaplast: Learning diverged in task "own 1", free phase .*No learning rate can help .*Standardise the data/,
    ],
  ])('ends with one message where --strict is given: %s', async (kind, status, message) => {
    const finished = await own(kind, newRuns(), '--strict');
    expect(finished.status).toBe(status);
    expect(finished.err.trim().split('\n')).toHaveLength(1);
    expect(finished.err).toMatch(message);
  });

  test('tells of ten skipped ones, and counts the others', async () => {
    const runs = newRuns();
    await own('nan', runs, '--set', 'metaSteps=15');
    const { methods, warnings } = summaryOf(runs);
    expect(methods.contrastive.skipped).toBe(15);
    expect(warnings).toHaveLength(11);
    expect(warnings.at(-1)).toBe('contrastive: further skipped tasks are only counted');
  });

  test('is refused where no unseen task is good', async () => {
    const file = scenario('all bad', true);
    const { status, err } = await command(
      'run',
      file,
      '--runs',
      newRuns(),
      '--rules',
      'plain',
      '--quiet',
      ...small,
    );
    expect(status).toBe(2);
    expect(err).toMatch(/^metaplast: There is no unseen task to judge by\. Got "3 drawn, none of which/);
  });

  test('ends with the error of its source, where that throws one of its own', async () => {
    const { status, err } = await own('throwing', newRuns());
    expect(status).toBe(1);
    expect(err).toContain('Scenario "own" failed: RangeError: the sensor is unplugged');
  });
});

test('a stream that ends early is judged at its end, with a warning that says where that was', async () => {
  const runs = newRuns();
  expect(await own('ending', runs)).toMatchObject({ status: 0 });
  const { methods, warnings } = summaryOf(runs);
  expect(methods.contrastive).toMatchObject({ tasks: 5, learned: 5, streamEnded: true });
  expect(methods.contrastive.curve.at(-1).tasks).toBe(5);
  expect(warnings).toEqual(['contrastive: the stream ended after 5 tasks, in meta-step 4 of 4']);
});

describe('run sinusoid', () => {
  test('with --json prints one document: losses with their intervals, by method and inner steps', async () => {
    const { status, out } = await sinusoid(newRuns(), '--method', 'contrastive,scratch', '--json');
    expect(status).toBe(0);
    const { methods, unseenTasks } = JSON.parse(out);
    expect(unseenTasks).toBe(3);
    expect(Object.keys(methods)).toEqual(['contrastive', 'scratch']);
    for (const { heldOutLoss } of Object.values(methods as Methods)) {
      expect(heldOutLoss.map(({ steps }) => steps)).toEqual([0, 1, 10, 100]);
      for (const { mean, halfWidth } of heldOutLoss) expect([mean > 0, halfWidth > 0]).toEqual([true, true]);
    }
    expect(methods.contrastive).toMatchObject({
      ...{ tasks: 8, gradientsPerTask: 100, hessianVectorsPerTask: 0 },
      phases: { definedBy: 'step budget', unconverged: 0 },
    });
    expect(methods.scratch).toMatchObject({ tasks: 0, gradientsPerTask: 0, phases: null });
  });

  test('says in its report that the step budget defines the phases', async () => {
    const { out } = await sinusoid(newRuns());
    expect(out).toMatch(/Inner steps: 50 at beta = 0, 25 at beta = 0\.3; mean residuals/);
    expect(out).toContain('The step budget defines the phases: their ends are not claimed to be equilibria.');
  });

  test('records omega and lambda between tasks, phi inside them, and the neurons’ gain and threshold', async () => {
    const runs = newRuns();
    await sinusoid(runs, '--method', 'contrastive,modulation', '--set', 'watch=[0,7]');
    const traces = path.join(onlyRun(runs), 'traces');
    const shapeOf = (name: string) => readNpy(path.join(traces, `${name}.npy`)).shape;
    // meta-steps; omega, lambda and what the rule saw: 11 columns of omega, which Adam moves, 2 of lambda, which stays; synapses
    expect(shapeOf('contrastive-between-tasks')).toEqual([4, 2 + 13, 2]);
    expect(shapeOf('contrastive-phase-ends')).toEqual([8 * 2, 1, 2]);
    expect(shapeOf('modulation-neurons')).toEqual([8, 1, 2 * 8]); // ends of free phases; gain and threshold of 8 neurons
    expect(shapeOf('contrastive-inside-tasks')).toEqual([8 * 3, 1, 2]); // tasks x (50 + 25)/25 chunks
    expect(shapeOf('modulation-inside-tasks')).toEqual([8 * 2, 1, 4]); // 20 + 2 steps in two chunks
    const { synapses } = JSON.parse(fs.readFileSync(path.join(traces, 'index.json'), 'utf8')).traces[
      'modulation-inside-tasks'
    ];
    expect((synapses as Connection[]).map(({ parameter, to }) => `${parameter} ${to}`)).toEqual([
      ...['gain 0', 'threshold 0', 'gain 3', 'threshold 3'],
    ]);
    const shown = await command('trace', onlyRun(runs), 'contrastive-between-tasks', '--synapse', '7');
    expect(shown.out.trim().split('\n')).toHaveLength(1 + 4);
  });

  test.each([
    ['an unknown method', ['--method', 'mamll'], /no such method\. Got "mamll".*Did you mean "maml"\?/],
    ['steps that do not ascend', set({ 'unseen.steps': [10, 1] }), /unseen\.steps does not ascend/],
    ['a synapse that is not there', set({ watch: [999] }), /watch names no synapse.*Got 999.*0 to 32/],
    ['a neuron that is not there', ['--method', 'modulation', '--set', 'watch=[8]'], /no neuron.*0 to 7/],
    ['a strength below 0', set({ 'synapse.lambda': -1 }), /synapse\.lambda.*must not be negative\. Got -1/],
  ])('refuses %s before it makes a directory', async (_, more, message) => {
    const runs = newRuns();
    const { status, err } = await sinusoid(runs, ...more);
    expect({ status, made: fs.existsSync(runs) }).toEqual({ status: 2, made: false });
    expect(err).toMatch(message);
  });
});

test('modulation is refused where the scenario has no such network, with what is legal and what to do', async () => {
  const runs = newRuns();
  const { status, err } = await own('none', runs, '--method', 'modulation');
  expect({ status, made: fs.existsSync(runs) }).toEqual({ status: 2, made: false });
  expect(err).toMatch(/no network that learns by modulation.*Legal: contrastive, maml.*`modulated`/);
});

test('--method is refused by a scenario without methods', async () => {
  const { status, err } = await command('run', 'boston', '--method', 'maml', '--runs', newRuns());
  expect(status).toBe(2);
  expect(err).toMatch(/There is no setting "method" in the configuration of "boston"/);
});

test('the schedule of a method without nudged phases says what it works out instead', async () => {
  const { out } = await command('schedule', 'sinusoid', '--method', 'maml');
  expect(out).toMatch(/^sinusoid: 20000 tasks in meta-batches of 10, each:\n {2}1\. free phase.*5 steps/);
  expect(out).toContain('2. meta-gradient through the inner steps\nAfter each meta-batch');
});
