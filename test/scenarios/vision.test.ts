import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import cifar10 from '../../scenarios/cifar10';
import mnist from '../../scenarios/mnist';
import type { RunPlan } from '../../src/clock/schedule';
import type { Figure } from '../../src/plot/figure';
import { resolveConfig, type Scenario } from '../../src/run/scenario/scenario';
import { command, kill, onlyRun, startedUntil } from '../cli/command';
import { cifarBatch, makeTestFolder, smallMnist } from '../data/images/small-files';
import { bytes } from '../resume/bytes';

const { folder, write, remove } = makeTestFolder();
const data = path.join(folder, 'data');
let count = 0;
const newRuns = () => path.join(folder, `runs-${count++}`);

beforeAll(() => {
  smallMnist((name, bytes) => write(`data/mnist/${name}`, bytes), 60, 50);
  write('data/cifar-10/data_batch_1.bin.gz', gzipSync(cifarBatch(60)));
  write('data/cifar-10/test_batch.bin', cifarBatch(50, 60));
  process.env.METAPLAST_DATA = data;
});
afterAll(() => {
  delete process.env.METAPLAST_DATA;
  remove();
});

const set = (...given: string[]) => given.flatMap((one) => ['--set', one]);
const run = (scenario: string, runs: string, ...more: string[]) =>
  command('run', scenario, '--preset', 'smoke', '--rules', 'plain', '--runs', runs, ...more);
/** As small as LeNet-5 can be: what counts here are not its numbers. */
const tiny = set('channels=[1,1]', 'units=[2,2]', 'metaSteps=2', 'contrastive.steps=2', 't1t2.steps=2');

const readJson = (directory: string, file: string) =>
  JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'));
interface Metric {
  readonly method: string;
  readonly train: object;
  readonly heldOut: { readonly accuracy: number };
  readonly test: object | null;
  readonly lambda: object;
  readonly residual: { readonly free: number; readonly nudged: number } | null;
}
function metricsOf(directory: string, method: string): Metric[] {
  const lines = fs.readFileSync(path.join(directory, 'metrics.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Metric).filter((metric) => metric.method === method);
}

describe.each([
  ['mnist', set('hidden=[3]'), 2395, null],
  ['cifar10', [...tiny, '--engine', 'reference'], 202, 'batch'],
  ['cifar10', [...tiny, ...set('evaluation.statistics=running'), '--engine', 'simd'], 202, 'running'],
] as const)('the scenario %s', (name, small, synapses, statistics) => {
  const runs = newRuns();
  let report: string;
  let directory: string;
  beforeAll(async () => {
    const { status, out, err } = await run(name, runs, ...small);
    expect({ status, err }).toEqual({ status: 0, err: expect.not.stringContaining('rror') });
    report = out;
    directory = onlyRun(runs);
  });

  test('says in its summary what its metrics say', () => {
    const summary = readJson(directory, 'summary.json');
    expect(summary).toMatchObject({ synapses, evaluation: { statistics, testSlice: 20 } });
    expect(Object.keys(summary.methods)).toEqual(['contrastive', 't1t2']);
    for (const [method, told] of Object.entries<Record<string, unknown>>(summary.methods)) {
      const metrics = metricsOf(directory, method);
      const [first, last] = [metrics[0]!, metrics.at(-1)!];
      expect(metrics).toHaveLength(summary.metaSteps + 1);
      for (const part of ['train', 'heldOut'] as const)
        expect(told[part]).toEqual({ before: first[part], after: last[part] });
      expect(told.test).toMatchObject({ before: first.test, after: last.test });
      expect(told.lambda).toMatchObject({ before: first.lambda, after: last.lambda });
      expect(told.bestHeldOut).toMatchObject({
        accuracy: Math.max(...metrics.map(({ heldOut }) => heldOut.accuracy)),
      });
    }
    const residuals = metricsOf(directory, 'contrastive').map(({ residual }) => residual!);
    const mean = residuals.reduce((sum, { free }) => sum + free, 0) / residuals.length;
    expect(summary.methods.contrastive.meanResidual.free).toBeCloseTo(mean, 12);
  });

  test('says in words what its summary says', () => {
    const { methods } = readJson(directory, 'summary.json');
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    for (const [method, { train, heldOut, test, lambda }] of Object.entries<Record<string, never>>(methods)) {
      const change = ({ before, after }: { before: { accuracy: number }; after: { accuracy: number } }) =>
        `${percent(before.accuracy)} -> ${percent(after.accuracy)}`;
      const cells = [method, change(train!), change(heldOut!), change(test!)];
      expect(report).toMatch(new RegExp(`^ +${cells.join(' +').replaceAll('.', '\\.')} `, 'm'));
      const { after } = lambda as unknown as { after: { mean: number; zero: number } };
      expect(report).toContain(`Lambda is ${after.mean.toPrecision(3)} in the mean (first 0.002)`);
      expect(report).toContain(`${percent(after.zero)} of the synapses are free`);
    }
    const [own, other] = [methods.contrastive, methods.t1t2];
    expect(report).toContain(
      `The contrastive rule tells ${percent(own.heldOut.after.accuracy)} of the held-out images right, `,
    );
    const tenths = ({ test }: { test: { after: { accuracy: number } } }) =>
      Number((100 * test.after.accuracy).toFixed(1));
    const difference = tenths(own) - tenths(other);
    const words =
      difference === 0
        ? 'as many as T1T2'
        : `${Math.abs(difference).toFixed(1)} points ${difference > 0 ? 'more' : 'less'} than T1T2`;
    expect(report).toContain(`of the test images ${percent(own.test.after.accuracy)}, ${words}.`);
    const said = /Batch norm evaluated with (each batch's own|the running) statistics/.exec(report);
    expect(said?.[1] ?? null).toBe(
      statistics && { batch: "each batch's own", running: 'the running' }[statistics],
    );
    expect(report).not.toMatch(/\b(NaN|undefined|null|Infinity)\b|has not converged/);
  });

  test('draws accuracy as its metrics have it, and what lambda has become', () => {
    const accuracy: Figure = readJson(directory, 'plots/accuracy-by-meta-step.json');
    const metrics = metricsOf(directory, 't1t2');
    expect(accuracy.panels[1]!.series[1]!.points.map(({ y }) => y)).toEqual(
      metrics.map(({ heldOut }) => 100 * heldOut.accuracy),
    );
    const { panels }: Figure = readJson(directory, 'plots/lambda-map.json');
    const { methods } = readJson(directory, 'summary.json');
    const maps = panels.map(({ cells }) => cells!.values);
    expect(maps.map(({ length }) => length)).toEqual(name === 'mnist' ? [784, 784] : [25, 25, 25, 25]);
    // The mean over places is that over the layer's weights.
    const mean = maps[0]!.reduce((sum, value) => sum + value, 0) / maps[0]!.length;
    expect(mean).toBeCloseTo(methods.contrastive.lambda.byLayer[0].mean, 12);
  });
});

test('a run that was killed goes on to the same bytes', async () => {
  const small = [
    ...['--name', 'same', '--rules', 'plain', '--engine', 'reference', '--checkpoint-every', '1'],
    ...set('hidden=[2]', 'metaSteps=6'),
  ];
  const whole = newRuns();
  expect(await run('mnist', whole, ...small)).toMatchObject({ status: 0 });
  const argv = ['run', 'mnist', '--preset', 'smoke', ...small];
  const { running, directory } = await startedUntil(newRuns(), argv, 'checkpoints/000009.ckpt');
  await kill(running);
  expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0 });
  expect(bytes(directory)).toEqual(bytes(onlyRun(whole)));
});

test('a run goes on with no other images', async () => {
  const small = set('hidden=[2]', 'metaSteps=400');
  const argv = ['run', 'mnist', '--preset', 'smoke', '--rules', 'plain', '--checkpoint-every', '1', ...small];
  const { running, directory } = await startedUntil(newRuns(), argv, 'checkpoints/000002.ckpt');
  await kill(running);
  smallMnist((name, bytes) => write(`data/mnist/${name}`, bytes), 61, 50);
  expect(await command('resume', directory)).toMatchObject({
    status: 2,
    err: expect.stringContaining('The images are not those that the run began with: mnist train, mnist test'),
  });
  smallMnist((name, bytes) => write(`data/mnist/${name}`, bytes), 60, 50);
});

describe('before a run directory is made, it is refused', () => {
  test.each([
    ['without the data, with the command that gets them', [], /metaplast data get mnist/, 'elsewhere'],
    ['with more images than there are', set('heldOut=1000'), /fewer images than the split asks for/],
    ['with the full Hessian of a large network', ['--method', 'exact'], /too large.*at most 3000/],
    ['by an unknown method, with the nearest', ['--method', 't1t3'], /no such method.*Did you mean "t1t2"/],
    ['by a method that comes twice', ['--method', 't1t2,t1t2'], /named twice/],
    [
      'with T1T2 in a study of beta',
      [...set('study=beta'), '--method', 't1t2'],
      /one of the contrastive rule/,
    ],
    [
      'with a lambda of 0 by its logarithm',
      set('lambda.by=logarithm', 'lambda.start=0'),
      /0 has no logarithm/,
    ],
    ['with a nudging strength of 0', set('contrastive.beta=0'), /leaves nothing to contrast/],
  ])('%s', async (_, more, message, where = 'data') => {
    process.env.METAPLAST_DATA = path.join(folder, where);
    const runs = newRuns();
    const { status, err } = await run('mnist', runs, ...more);
    process.env.METAPLAST_DATA = data;
    expect({ status, made: fs.existsSync(runs) }).toEqual({ status: 2, made: false });
    expect(err.replaceAll('\n', ' ')).toMatch(message);
  });
});

test('every method learns a network small enough for all of them; one that comes to nothing fails alone', async () => {
  const runs = newRuns();
  const methods = 'contrastive,t1t2,conjugate-gradient,neumann,exact';
  const strong = set(
    'metaSteps=1',
    'lambda.start=5',
    'train=2',
    'heldOut=10',
    'testImages=10',
    'neumann.seriesRate=0.05',
    'neumann.terms=200',
    't1t2.rate=1e9',
  );
  const budgets = ['conjugate-gradient', 'neumann', 'exact'].flatMap((name) => set(`${name}.steps=40`));
  const { status, out } = await run(
    'cifar10',
    runs,
    '--method',
    methods,
    '--engine',
    'reference',
    ...tiny,
    ...strong,
    ...budgets,
  );
  const { methods: told, failure } = readJson(onlyRun(runs), 'summary.json');
  expect(Object.keys(told)).toEqual(methods.split(','));
  expect(status).toBe(1);
  expect(failure).toMatch(
    /^Method t1t2 failed: meta-step 0: .*diverged.*The results of the other methods stand\.$/,
  );
  expect(out).toContain('t1t2 failed: meta-step 0');
  const after = (method: string) => told[method].lambda.after.mean;
  // The first step of Adam is as good as the gradient's sign: those of the three are the same.
  expect(after('conjugate-gradient')).toBeCloseTo(after('exact'), 4);
  expect(after('neumann')).toBeCloseTo(after('exact'), 4);
  expect(told.exact.hessianVectorsPerMetaStep).toBe(202);
});

test.each([
  [
    'steps',
    ['contrastive, 2 steps', 'contrastive, 4 steps', 't1t2, 2 steps', 't1t2, 4 steps'],
    'accuracy-by-steps',
  ],
  [
    'beta',
    [
      'contrastive, 2 steps, beta 0.1',
      'contrastive, 2 steps, beta 1',
      'contrastive, 4 steps, beta 0.1',
      'contrastive, 4 steps, beta 1',
    ],
    'error-by-beta',
  ],
])('the study of %s has a run for each point, and draws what they came to', async (study, labels, figure) => {
  const runs = newRuns();
  const small = set('hidden=[2]', 'metaSteps=1', `study=${study}`, 'studySteps=[2,4]', 'studyBetas=[0.1,1]');
  const { status, err, out } = await run('mnist', runs, ...small);
  expect({ status, err }).toEqual({ status: 0, err: expect.not.stringContaining('rror:') });
  const directory = onlyRun(runs);
  const { methods } = readJson(directory, 'summary.json');
  expect(Object.keys(methods)).toEqual(labels);
  for (const label of labels) expect(out).toContain(`  ${label} `);
  const { panels }: Figure = readJson(directory, `plots/${figure}.json`);
  const drawn = panels[0]!.series.flatMap(({ points }) => points.map(({ y }) => y));
  const shares = labels.map((label) => methods[label].heldOut.after.accuracy);
  const expected = shares.map((share) => (study === 'beta' ? 100 - 100 * share : 100 * share));
  expect(drawn).toEqual(expected);
});

test('minibatches, and a training set without an image of most classes, are said', async () => {
  const runs = newRuns();
  const small = set('hidden=[2]', 'row=1/9999', 'train=1', 'minibatch=10', 'metaSteps=1');
  const { status, err, out } = await run('mnist', runs, ...small);
  expect({ status }).toEqual({ status: 0 });
  expect(err).toMatch(/warning: no training image of 9 classes: /);
  const summary = readJson(onlyRun(runs), 'summary.json');
  expect(summary).toMatchObject({ row: '1/9999', minibatch: 10, published: null });
  const { classesWithoutTrainingImage } = summary.images;
  expect(classesWithoutTrainingImage).toHaveLength(9);
  expect(out).toContain(`No training image is of ${classesWithoutTrainingImage.join(', ')}.`);
});

describe('the preset paper has the numbers of Table 1 and Appendix F', () => {
  /** beta, inner rate, outer rate, inner and nudged steps; then T1T2's inner rate, outer rate, steps: as printed. */
  test.each([
    ['50/950', cifar10, [50, 950], [3, 0.001, 0.001, 2000, 20], [0.001, 0.001, 2000]],
    ['10/9990', mnist, [10, 9990], [3, 0.003, 0.001, 2000, 100], [0.0001, 0.03, 2000]],
    ['1/9999', mnist, [1, 9999], [3, 0.00865, 0.0031, 1000, 50], [0.00027, 0.049693, 200]],
    ['30000/30000', mnist, [30000, 30000], [1, 0.01, 0.001, 2000, 200], [0.01, 0.0001, 2000]],
  ] as const)('in row %s', async (row, scenario, images, ours, theirs) => {
    const config = resolveConfig(scenario as Scenario, 'paper', [`row="${row}"`]);
    const plan = (method: string): RunPlan =>
      (scenario as Scenario).schedule(
        resolveConfig(scenario as Scenario, 'paper', [`row="${row}"`, `method=${method}`]),
      );
    const [beta, , , steps, nudged] = ours;
    expect(plan('contrastive').plan.phases).toMatchObject([
      { beta: 0, steps },
      { beta, steps: nudged },
    ]);
    expect(plan('t1t2').plan.phases).toEqual([{ beta: 0, steps: theirs[2] }]);
    expect(plan('t1t2').tasks).toBe(101);
    const { resolve } = await import('../../scenarios/vision/resolve');
    const { cifar10Rows } = await import('../../scenarios/vision/cifar10-rows');
    const { mnistRows } = await import('../../scenarios/vision/mnist-rows');
    const rows = { ...cifar10Rows, ...mnistRows };
    const { train, heldOut, lambda, momentum, minibatch, methods } = resolve(config as never, rows[row]);
    expect([train, heldOut, momentum, minibatch]).toEqual([...images, 0.9, row === '30000/30000' ? 500 : 0]);
    // They penalise 0.001 phi^2, without the 1/2: lambda is twice that, and moves twice as far.
    expect(lambda.start).toBe(0.002);
    const { contrastive, t1t2 } = methods;
    expect([contrastive.rate, contrastive.nudgedRate, contrastive.metaRate]).toEqual([
      ours[1],
      ours[1],
      2 * ours[2],
    ]);
    expect([t1t2.rate, t1t2.metaRate]).toEqual([theirs[0], 2 * theirs[1]]);
  });
});
