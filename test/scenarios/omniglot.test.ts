import fs from 'node:fs';
import path from 'node:path';
import omniglot from '../../scenarios/omniglot';
import { RandomStreams } from '../../src/core/random';
import { countRight } from '../../src/data/count-right';
import { characterEpisodes } from '../../src/data/omniglot/character-episodes';
import { openOmniglot } from '../../src/data/omniglot/omniglot';
import type { Figure } from '../../src/plot/figure';
import { resolveConfig } from '../../src/run/scenario/scenario';
import { command, kill, onlyRun, startedUntil } from '../cli/command';
import { makeTestFolder } from '../data/images/small-files';
import { omniglotArchive, zip } from '../data/omniglot/small-archives';
import { bytes } from '../resume/bytes';

const { folder, write, remove } = makeTestFolder();
let count = 0;
const newRuns = () => path.join(folder, `runs-${count++}`);

function writeArchives(background: number): void {
  write('data/omniglot/images_background.zip', zip(omniglotArchive('background', background)));
  write('data/omniglot/images_evaluation.zip', zip(omniglotArchive('evaluation', 6, 12)));
}

beforeAll(() => {
  writeArchives(6);
  process.env.METAPLAST_DATA = path.join(folder, 'data');
});
afterAll(() => {
  delete process.env.METAPLAST_DATA;
  remove();
});

/** As small as it can be: what counts here are not its numbers. */
const small = [
  '--preset',
  'smoke',
  '--rules',
  'plain',
  '--seed',
  '3',
  '--set',
  'filters=1',
  '--set',
  'validationCharacters=2',
];
const read = (directory: string, file: string) => fs.readFileSync(path.join(directory, file), 'utf8');

interface Metric {
  readonly method: string;
  readonly tasks: number;
  readonly unseen?: object;
  readonly validation?: object;
  readonly accuracies: readonly { readonly mean: number }[];
}

describe('the scenario omniglot', () => {
  const runs = newRuns();
  let directory: string;
  let report: string;
  let metrics: Metric[];
  beforeAll(async () => {
    const { status, out, err } = await command(
      'run',
      'omniglot',
      ...small,
      '--runs',
      runs,
      '--method',
      'contrastive,modulation,maml,nearest',
    );
    expect({ status, err }).toEqual({ status: 0, err: expect.not.stringContaining('rror') });
    [directory, report] = [onlyRun(runs), out];
    const lines = read(directory, 'metrics.ndjson').trim().split('\n');
    metrics = lines
      .map((line) => JSON.parse(line) as Metric)
      .filter(({ accuracies }) => accuracies !== undefined);
  });
  const of = (method: string) => metrics.filter((metric) => metric.method === method);

  test('looks at unseen tasks once for each method, from the best of its stream by validation', () => {
    const { methods } = JSON.parse(read(directory, 'summary.json'));
    for (const method of ['contrastive', 'modulation', 'maml']) {
      const points = of(method);
      expect(points.map(({ unseen }) => unseen !== undefined)).toEqual([false, false, false, true]);
      const byValidation = points.slice(0, -1);
      const best = Math.max(...byValidation.map(({ accuracies }) => accuracies.at(-1)!.mean));
      const first = byValidation.find(({ accuracies }) => accuracies.at(-1)!.mean === best)!;
      expect(methods[method].bestAfterTasks).toBe(first.tasks);
      expect(points.at(-1)!.tasks).toBe(first.tasks);
      expect(methods[method].accuracy.map(({ mean }: { mean: number }) => mean)).toEqual(
        points.at(-1)!.accuracies.map(({ mean }) => mean),
      );
    }
  });

  test('judges by the tasks of its stream of unseen ones: the nearest neighbour, worked out here, is as it says', () => {
    const source = characterEpisodes({ set: openOmniglot().evaluation, ways: 5, shots: 1 });
    const stream = new RandomStreams(3).stream('unseen');
    let right = 0;
    for (let task = 0; task < 12; task++) {
      const { train, heldOut } = source.sample(stream)!;
      const { inputs, x } = heldOut;
      const outputs = Array.from({ length: heldOut.samples * 5 }, (_, i) => {
        const [s, label] = [Math.floor(i / 5), i % 5];
        const difference = (j: number) => x[s * inputs + j]! - train.x[label * inputs + j]!;
        return -Array.from({ length: inputs }, (_p, j) => difference(j) ** 2).reduce(
          (sum, square) => sum + square,
          0,
        );
      });
      right += countRight(outputs, heldOut) / heldOut.samples;
    }
    const told = of('nearest').at(-1)!.accuracies.at(-1)!.mean;
    expect(told).toBeCloseTo(right / 12, 12);
  });

  test('has a table of the shape of Table 2, and figures of a task, of accuracy and of drifting synapses', () => {
    expect(report).toMatch(/^Table 2, 5-way 1-shot, accuracy in percent/m);
    expect(report).toMatch(/^ +maml +\d+\.\d\d \+- \d+\.\d\d +98\.7 \+- 0\.4$/m);
    expect(report).not.toMatch(/\b(NaN|undefined|null|Infinity)\b/);
    const figure = (name: string): Figure => JSON.parse(read(directory, `plots/${name}.json`));
    const { title, panels } = figure('maml-episode');
    const { cells } = panels[0]!;
    expect(title).toMatch(/\d+ of 75 drawings told right/);
    expect(cells!.values).toHaveLength(cells!.columns * 5 * 31);
    expect(figure('accuracy-over-stream').panels.length).toBeGreaterThan(0);
    const drift = figure('contrastive-drift').panels[0]!.series;
    expect(drift).toHaveLength(5);
    for (const { points } of drift) expect(points[0]!.y).toBe(0);
    expect(drift.some(({ points }) => points.at(-1)!.y !== 0)).toBe(true);
  });
});

test('a run of it that was killed goes on to the same bytes, and with no other drawings', async () => {
  const same = [
    ...small,
    '--name',
    'same',
    '--engine',
    'reference',
    '--checkpoint-every',
    '1',
    '--method',
    'contrastive',
  ];
  const whole = newRuns();
  expect(await command('run', 'omniglot', ...same, '--runs', whole)).toMatchObject({ status: 0 });
  const { running, directory } = await startedUntil(
    newRuns(),
    ['run', 'omniglot', ...same],
    'checkpoints/000004.ckpt',
  );
  await kill(running);
  writeArchives(7);
  expect(await command('resume', directory, '--quiet')).toMatchObject({
    status: 2,
    err: expect.stringContaining('are not those that the stream began with'),
  });
  writeArchives(6);
  expect(await command('resume', directory, '--quiet')).toMatchObject({ status: 0 });
  expect(bytes(directory)).toEqual(bytes(onlyRun(whole)));
});

describe('the channels of modulation', () => {
  const channels = (preset: string, ...settings: string[]) => {
    const { filters, filtersOfModulation } = resolveConfig(omniglot, preset, settings) as Record<
      string,
      unknown
    >;
    return [filters, filtersOfModulation];
  };

  test('are more than those of complex synapses in the preset cpu alone, and as many where these are asked for', () => {
    expect(channels('cpu')).toEqual([32, 48]);
    expect(channels('cpu', 'filters=8')).toEqual([8, null]);
    expect(channels('cpu', 'filters=8', 'filtersOfModulation=12')).toEqual([8, 12]);
    for (const preset of ['smoke', 'paper', 'released']) expect(channels(preset)[1]).toBeNull();
  });

  test('are of its network alone, and are said beside the table', async () => {
    const runs = newRuns();
    const { status, out } = await command(
      ...['run', 'omniglot', ...small, '--set', 'filtersOfModulation=3', '--runs', runs],
      ...['--method', 'contrastive,modulation', '--set', 'metaSteps=1', '--set', 'watchNeurons=[11]'],
    );
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('1 filter (modulation 3),') });
    const beyond = await command(
      ...['run', 'omniglot', ...small, '--set', 'filtersOfModulation=3', '--runs', runs],
      ...['--method', 'modulation', '--set', 'watchNeurons=[12]'],
    );
    expect(beyond).toMatchObject({ status: 2, err: expect.stringContaining('0 to 11') });
  });
});

test('a setting of one method is that of no other, though a preset gives them one object', () => {
  const { maml, fomaml, anil } = resolveConfig(omniglot, 'cpu', ['maml.rate=0.7']) as Record<
    string,
    { rate: number }
  >;
  expect([maml!.rate, fomaml!.rate, anil!.rate]).toEqual([0.7, 0.4, 0.4]);
});

test('it says how to get the drawings before a run directory is made', async () => {
  const before = process.env.METAPLAST_DATA;
  process.env.METAPLAST_DATA = path.join(folder, 'nowhere');
  const runs = newRuns();
  expect(await command('run', 'omniglot', ...small, '--runs', runs)).toMatchObject({
    status: 2,
    err: expect.stringContaining('`metaplast data get omniglot`'),
  });
  expect(fs.existsSync(runs)).toBe(false);
  process.env.METAPLAST_DATA = before;
});

test.each([
  [
    5,
    1,
    { batch: 32, maml: { rate: 0.4, steps: 1 }, imaml: { steps: 16 } },
    { lambda: 0.5, beta: 0.1, nudged: 100, schedule: 'constant' },
  ],
  [
    5,
    5,
    { batch: 32, maml: { rate: 0.4, steps: 1 }, imaml: { steps: 16 } },
    { lambda: 0.1, beta: 0.1, nudged: 100, schedule: 'constant' },
  ],
  [
    20,
    1,
    { batch: 16, maml: { rate: 0.1, steps: 5 }, imaml: { steps: 25 } },
    { lambda: 0.5, beta: 0.03, nudged: 100, schedule: 'halving' },
  ],
  [
    20,
    5,
    { batch: 16, maml: { rate: 0.1, steps: 5 }, imaml: { steps: 25 } },
    { lambda: 0.25, beta: 0.1, nudged: 200, schedule: 'constant' },
  ],
])(
  '%i ways and %i shots have the published settings, as the text and as the released runs have them',
  (ways, shots, text, runs) => {
    const asked = [`ways=${ways}`, `shots=${shots}`];
    const phase = (steps: number) => ({ rate: 0.01, momentum: 0.9, steps });
    expect(resolveConfig(omniglot, 'paper', asked)).toMatchObject({
      ...text,
      ...{ ways, shots, filters: 64, query: 15, metaSteps: 3750, synapse: { lambda: 0.1 } },
      meta: { optimizer: 'adam', rate: 0.001, schedule: 'constant', averageAfter: null },
      contrastive: {
        estimator: 'symmetric',
        beta: 0.1,
        free: phase(200),
        nudged: phase(100),
        optimizerState: 'keep',
      },
      modulation: {
        estimator: 'symmetric',
        beta: 0.1,
        free: phase(200),
        nudged: phase(50),
        optimizerState: 'keep',
      },
    });
    const { lambda, beta, nudged, schedule } = runs;
    expect(resolveConfig(omniglot, 'released', asked)).toMatchObject({
      ...{ metaSteps: 3750, synapse: { lambda } },
      // Epochs of 125 meta-steps: averages from the fifth on, halved every five.
      meta: {
        rate: 0.01,
        schedule,
        averageAfter: 500,
        ...(schedule === 'halving' ? { halveEvery: 625 } : {}),
      },
      contrastive: { beta, free: phase(200), nudged: phase(nudged), optimizerState: 'reset' },
    });
  },
);
