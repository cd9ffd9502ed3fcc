import fs from 'node:fs';
import path from 'node:path';
import { forgettingByTask } from '../../scenarios/permuted-mnist/forgetting';
import type { Figure } from '../../src/plot/figure';
import { command, kill, onlyRun, startedUntil } from '../cli/command';
import { makeTestFolder, smallMnist } from '../data/images/small-files';
import { bytes } from '../resume/bytes';

const { folder, write, remove } = makeTestFolder();
const data = path.join(folder, 'data');
let count = 0;
const newRuns = () => path.join(folder, `runs-${count++}`);

beforeAll(() => {
  smallMnist((name, content) => write(`data/mnist/${name}`, content), 60, 50);
  process.env.METAPLAST_DATA = data;
});
afterAll(() => {
  delete process.env.METAPLAST_DATA;
  remove();
});

const set = (...given: string[]) => given.flatMap((one) => ['--set', one]);
const run = (runs: string, ...more: string[]) =>
  command('run', 'permuted-mnist', '--preset', 'smoke', '--rules', 'plain', '--runs', runs, ...more);
const readJson = (directory: string, file: string) =>
  JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'));

interface Row {
  readonly seed: number;
  readonly matrix: readonly (readonly number[])[];
  readonly accuracy: number;
  readonly forgetting: number;
  readonly forgettingByTask: readonly number[];
  readonly synapses: readonly { readonly synapse: number; readonly atTheEnd: Record<string, number> }[];
}
interface MethodSummary {
  readonly accuracy: { readonly mean: number; readonly standardError: number };
  readonly forgetting: { readonly mean: number };
  readonly bySeed: readonly Row[];
}

const words = ['sgd', 'ewc', 'si', 'contrastive', 'mesu', 'replay'];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(['simd', 'reference'])('a small run by the engine %s', (engine) => {
  const runs = newRuns();
  let report: string;
  let directory: string;
  let methods: Record<string, MethodSummary>;
  beforeAll(async () => {
    const { status, out, err } = await run(runs, '--engine', engine, ...set('seeds=2'));
    expect({ status, err }).toEqual({ status: 0, err: expect.not.stringContaining('rror') });
    report = out;
    directory = onlyRun(runs);
    methods = readJson(directory, 'summary.json').methods;
  });

  test('has a row for each method and seed, whose figures follow from its matrix', () => {
    expect(Object.keys(methods)).toEqual(words);
    for (const { accuracy, forgetting, bySeed } of Object.values(methods)) {
      expect(bySeed.map(({ seed }) => seed)).toEqual([1, 2]);
      for (const row of bySeed) {
        expect(row.matrix.map(({ length }) => length)).toEqual([1, 2, 3]);
        for (const share of row.matrix.flat()) expect(share * 50).toBeCloseTo(Math.round(share * 50), 9);
        expect(row.accuracy).toBeCloseTo(mean(row.matrix[2]!), 12);
        expect(row.forgettingByTask).toEqual(forgettingByTask(row.matrix));
        expect(row.forgetting).toBeCloseTo(mean(row.forgettingByTask), 12);
      }
      expect(accuracy.mean).toBeCloseTo(mean(bySeed.map((row) => row.accuracy)), 12);
      expect(forgetting.mean).toBeCloseTo(mean(bySeed.map((row) => row.forgetting)), 12);
      const spread = bySeed[0]!.accuracy - bySeed[1]!.accuracy;
      expect(accuracy.standardError).toBeCloseTo(Math.abs(spread) / 2, 12);
    }
  });

  test('says in words, metrics and figures what its summary says', () => {
    const figure: Figure = readJson(directory, 'plots/accuracy-by-task.json');
    const lines = fs.readFileSync(path.join(directory, 'metrics.ndjson'), 'utf8').trim().split('\n');
    const metrics = lines.map((line) => JSON.parse(line));
    for (const [i, [word, { accuracy, bySeed }]] of Object.entries(methods).entries()) {
      const cell = `${(100 * accuracy.mean).toFixed(2)} ± ${(100 * accuracy.standardError).toFixed(2)}`;
      expect(report).toMatch(new RegExp(`^ +${word} +${cell.replaceAll('.', '\\.')} `, 'm'));
      expect(figure.panels[0]!.series[i]!.points.at(-1)!.y).toBeCloseTo(100 * accuracy.mean, 10);
      for (const { seed, matrix } of bySeed) {
        const rows = metrics.filter((metric) => metric.method === word && metric.seed === seed);
        expect(rows.map((row) => row.accuracy)).toEqual(matrix);
      }
    }
    expect(report).not.toMatch(/\b(NaN|undefined|null|Infinity)\b/);
  });

  test('has what synapses came to, within their legal ranges, and their courses', () => {
    const at = (word: string) => methods[word]!.bySeed[0]!.synapses.map(({ atTheEnd }) => atTheEnd);
    for (const { sigma } of at('mesu')) expect(sigma).toBeGreaterThan(0);
    for (const word of ['ewc', 'si'])
      for (const { importance } of at(word)) expect(importance).toBeGreaterThanOrEqual(0);
    for (const { lambda } of at('contrastive')) expect(lambda).toBeGreaterThanOrEqual(0);
    const figure: Figure = readJson(directory, 'plots/synapse-courses.json');
    expect(figure.panels).toHaveLength(8);
    const { series } = figure.panels[5]!;
    expect(series[0]!.points.at(-1)!.y).toBe(at('contrastive')[0]!.lambda);
    expect(fs.readdirSync(path.join(directory, 'traces'))).toContain('mesu-seed-1.npy');
  });
});

test('methods begin alike: the same first phi, the same orders', async () => {
  const runs = newRuns();
  const none = set('ewc.strength=0', 'si.strength=0', 'contrastive.metaRate=0');
  const alike = [...set('heldOut=1', 'sgd.rate=0.2', 'ewc.rate=0.2', 'si.rate=0.2'), ...none];
  expect(await run(runs, '--engine', 'reference', '--method', 'sgd,ewc,si', ...alike)).toMatchObject({
    status: 0,
  });
  const { methods } = readJson(onlyRun(runs), 'summary.json');
  // Without a strength, importance is none, and all are plain SGD.
  expect(methods.ewc.bySeed[0].matrix).toEqual(methods.sgd.bySeed[0].matrix);
  expect(methods.si.bySeed[0].matrix).toEqual(methods.sgd.bySeed[0].matrix);
});

test.each(['simd', 'reference'])('a run by %s that was killed goes on to the same bytes', async (engine) => {
  const small = [
    ...['--name', 'same', '--rules', 'plain', '--engine', engine, '--checkpoint-every', '1'],
    ...set('trainImages=200', 'heldOut=5', 'hidden=[4]'),
  ];
  smallMnist((name, content) => write(`data/mnist/${name}`, content), 200, 50);
  const whole = newRuns();
  expect(await run(whole, ...small)).toMatchObject({ status: 0 });
  // In the midst of each method in turn: 15 chunks each; the engine matters to the methods alike.
  for (const position of engine === 'simd' ? [7, 22, 37, 52, 67, 82] : [67]) {
    const argv = ['run', 'permuted-mnist', '--preset', 'smoke', ...small];
    const file = `checkpoints/${`${position}`.padStart(6, '0')}.ckpt`;
    const { running, directory } = await startedUntil(newRuns(), argv, file);
    await kill(running);
    expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0 });
    expect(bytes(directory)).toEqual(bytes(onlyRun(whole)));
  }
});

test('a run goes on with no other images', async () => {
  const argv = ['run', 'permuted-mnist', '--preset', 'smoke', '--rules', 'plain', '--checkpoint-every', '1'];
  const { running, directory } = await startedUntil(
    newRuns(),
    [...argv, ...set('epochs=300')],
    'checkpoints/000002.ckpt',
  );
  await kill(running);
  smallMnist((name, content) => write(`data/mnist/${name}`, content), 61, 50);
  expect(await command('resume', directory)).toMatchObject({
    status: 2,
    err: expect.stringContaining('The images are not those that the run began with'),
  });
});

test('a seed has the same row in a run of its own', async () => {
  const [both, alone] = [newRuns(), newRuns()];
  const of = ['--engine', 'simd', '--method', 'mesu,contrastive'];
  expect(await run(both, ...of, ...set('seeds=2'))).toMatchObject({ status: 0 });
  expect(await run(alone, ...of, '--seed', '2')).toMatchObject({ status: 0 });
  const [pair, single] = [both, alone].map((runs) => readJson(onlyRun(runs), 'summary.json').methods);
  for (const word of ['mesu', 'contrastive']) expect(single[word].bySeed[0]).toEqual(pair[word].bySeed[1]);
});

test('synapses learn it by credit without a backward pass, too', async () => {
  const runs = newRuns();
  const by = ['--credit', 'feedback-alignment', '--engine', 'reference', '--method', 'sgd,mesu'];
  expect(await run(runs, ...by)).toMatchObject({ status: 0 });
  const plain = newRuns();
  expect(await run(plain, '--engine', 'reference', '--method', 'sgd,mesu')).toMatchObject({ status: 0 });
  const courses = [runs, plain].map((of) => readJson(onlyRun(of), 'plots/synapse-courses.json').panels);
  expect(courses[0]).not.toEqual(courses[1]);
});

test('a method that diverges fails alone, and says at which rate', async () => {
  const runs = newRuns();
  const { status, out } = await run(runs, '--method', 'sgd,mesu', ...set('sgd.rate=1e20'));
  expect(status).toBe(1);
  const { methods, failure } = readJson(onlyRun(runs), 'summary.json');
  expect(failure).toMatch(
    /^Method sgd, seed 1 failed: Learning diverged in task "permutation 0".* at step \d.*Lower the rate.* The other results stand\.$/s,
  );
  expect(methods.sgd).toMatchObject({ accuracy: null, bySeed: [{ failure: expect.any(String) }] });
  expect(methods.mesu.accuracy.mean).toBeGreaterThan(0);
  expect(out).toMatch(/^ +sgd +failed /m);
});

describe('before a run directory is made, it is refused', () => {
  test.each([
    ['without the data, with the command that gets them', [], /metaplast data get mnist/, 'elsewhere'],
    ['with more images than there are', set('trainImages=1000'), /not as many training images/, 'data'],
    [
      'by an unknown method, with the nearest',
      ['--method', 'meso'],
      /no such method.*Did you mean "mesu"/,
      'data',
    ],
  ])('%s', async (_, more, message, where) => {
    process.env.METAPLAST_DATA = path.join(folder, where);
    const runs = newRuns();
    const { status, err } = await run(runs, ...more);
    process.env.METAPLAST_DATA = data;
    expect({ status, made: fs.existsSync(runs) }).toEqual({ status: 2, made: false });
    expect(err.replaceAll('\n', ' ')).toMatch(message);
  });
});
