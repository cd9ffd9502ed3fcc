import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { cifar10Rows } from '../../../scenarios/vision/cifar10-rows';
import { mnistRows } from '../../../scenarios/vision/mnist-rows';
import { resolve } from '../../../scenarios/vision/resolve';
import type { VisionSettings } from '../../../scenarios/vision/schema';
import { findScenario } from '../../../src/run/scenario/find-scenario';
import { resolveConfig } from '../../../src/run/scenario/scenario';
import { asOverrides } from '../../../src/study/plan/study-plan';
import { readSpace, readySpaces, type SearchSpace } from '../../../src/study/search/space/space-file';
import { start } from '../../cli/command';
import { cifarBatch, makeTestFolder, smallMnist } from '../../data/images/small-files';

const { folder, write, remove } = makeTestFolder();
beforeAll(() => {
  smallMnist((name, bytes) => write(`data/mnist/${name}`, bytes), 60, 50);
  write('data/cifar-10/data_batch_1.bin.gz', gzipSync(cifarBatch(60)));
  write('data/cifar-10/test_batch.bin', cifarBatch(50, 60));
  process.env.METAPLAST_DATA = path.join(folder, 'data');
});
afterAll(() => {
  delete process.env.METAPLAST_DATA;
  remove();
});

const seven = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const beta = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];
/** Tables S1 to S4, as they are printed; `lr` and `steps` are those of the inner loop. */
const tables = {
  s1: {
    beta,
    lrInner: 0.001,
    lrOuter: seven,
    steps: 2000,
    nudged: [20, 100, 200, 500],
    best: [3, 0.001, 0.001, 2000, 20],
  },
  s2: {
    beta,
    lrInner: seven,
    lrOuter: seven,
    steps: 2000,
    nudged: [20, 50, 100, 200, 500],
    best: [3, 0.003, 0.001, 2000, 100],
  },
  s3: {
    ...{
      beta,
      lrInner: 'log',
      lrOuter: 'log',
      steps: [100, 200, 500, 1000, 2000],
      nudged: [20, 50, 100, 200, 500],
    },
    best: [3, 0.00865, 0.0031, 1000, 50],
  },
  s4: {
    beta,
    lrInner: 0.01,
    lrOuter: seven,
    steps: [1000, 2000],
    nudged: [20, 50, 100, 200, 500],
    best: [1, 0.01, 0.001, 2000, 200],
  },
  's1-t1t2': {
    lrInner: seven,
    lrOuter: seven,
    steps: [500, 1000, 2000],
    best: [null, 0.001, 0.001, 2000, null],
  },
  's2-t1t2': {
    lrInner: seven,
    lrOuter: seven,
    steps: [100, 200, 500, 1000, 2000],
    best: [null, 0.0001, 0.03, 2000, null],
  },
  's3-t1t2': {
    lrInner: 'log',
    lrOuter: 'log',
    steps: [100, 200, 500, 1000, 2000],
    best: [null, 0.00027, 0.049693, 200, null],
  },
  's4-t1t2': {
    lrInner: seven,
    lrOuter: seven,
    steps: [500, 1000, 2000],
    best: [null, 0.01, 0.0001, 2000, null],
  },
} as const;

const rows = { ...cifar10Rows, ...mnistRows };

/** Values of an axis as they are printed: metaRate is twice lr-outer. */
function printed({ axes }: SearchSpace, name: string): unknown {
  const axis = axes.find(({ path: setting }) => setting.endsWith(`.${name}`));
  if (axis === undefined) return undefined;
  const scale = name === 'metaRate' ? 2 : 1;
  if (!('values' in axis)) {
    expect([axis.kind, axis.low / scale, axis.high / scale]).toEqual(['loguniform', 0.0001, 0.1]);
    return 'log';
  }
  return axis.values.map((value) => (value as number) / scale);
}

test('the ready spaces are those of Tables S1 to S4', () => {
  expect(readySpaces()).toEqual(Object.keys(tables).sort());
});

describe.each(Object.entries(tables))('the space %s', (name, table) => {
  const space = readSpace(name);
  const row = space.set.row as keyof typeof rows;
  const method = space.set.method as 'contrastive' | 't1t2';
  const resolved = async (given: Readonly<Record<string, unknown>>) => {
    const { scenario } = await findScenario(space.scenario!);
    const overrides = asOverrides({ ...space.set, ...given });
    const config = resolveConfig(scenario, space.preset!, overrides);
    scenario.schedule(config);
    return resolve(config as VisionSettings, rows[row]);
  };

  test('has the values of its table; what that holds fixed is what the preset sets', async () => {
    const { metaSteps, lambda, methods } = await resolved({});
    // init-l2 and lr-outer are halves of ours.
    expect([metaSteps, lambda.start]).toEqual([100, 0.002]);
    const fixed = methods[method] as unknown as Record<string, number>;
    expect({
      lrInner: printed(space, 'rate') ?? fixed.rate,
      lrOuter: printed(space, 'metaRate'),
      steps: printed(space, 'steps') ?? fixed.steps,
      ...(method === 'contrastive'
        ? { beta: printed(space, 'beta'), nudged: printed(space, 'nudgedSteps') }
        : {}),
    }).toEqual(Object.fromEntries(Object.entries(table).filter(([key]) => key !== 'best')));
  });

  test('notes as the best what the table prints in bold, which is what the preset takes', async () => {
    const best = await resolved(space.best!);
    expect(best).toEqual(await resolved({}));
    const found = best.methods[method] as unknown as Record<string, number>;
    const bold = [
      found.beta ?? null,
      found.rate,
      found.metaRate! / 2,
      found.steps,
      found.nudgedSteps ?? null,
    ];
    expect(bold).toEqual(table.best);
    for (const axis of space.axes) {
      const value = space.best![axis.path] as number;
      if ('values' in axis) expect(axis.values).toContain(value);
      else expect(value > axis.low && value < axis.high).toBe(true);
    }
  });

  test('has settings that the scenario knows, and values that it takes, each of them; both phases have one rate', async () => {
    for (const axis of space.axes) {
      const values = 'values' in axis ? axis.values : [axis.low, axis.high];
      for (const value of values) {
        const given = Object.fromEntries(
          [axis.path, ...(axis.with ?? [])].map((setting) => [setting, value]),
        );
        const { methods } = await resolved(given);
        const { contrastive } = methods;
        if (method === 'contrastive') expect(contrastive.nudgedRate).toBe(contrastive.rate);
        const last = axis.path.split('.').at(-1)!;
        expect((methods[method] as unknown as Record<string, unknown>)[last]).toBe(value);
      }
    }
  });

  test('is searched, made small', async () => {
    const small = name.startsWith('s1')
      ? ['channels=[1,1]', 'units=[2,2]']
      : ['hidden=[3]', ...(row === '30000/30000' ? ['minibatch=5'] : [])];
    // Where the number of steps is searched, it stays so, but for the largest.
    const fewer = space.axes.some(({ path: setting }) => setting.endsWith('.steps'))
      ? ['--sweep', `${method}.steps=5,10`]
      : [];
    const nudged = method === 'contrastive' ? ['--sweep', 'contrastive.nudgedSteps=2,3'] : [];
    const set = [...small, 'metaSteps=4'].flatMap((one) => ['--set', one]);
    const size = [
      '--preset',
      'smoke',
      '--rules',
      'plain',
      '--engine',
      'reference',
      '--samples',
      '4',
      '--jobs',
      '2',
    ];
    const runs = path.join(folder, `runs-${name}`);
    const argv = [
      'search',
      '--space',
      name,
      ...size,
      ...set,
      ...fewer,
      ...nudged,
      '--grace',
      '1',
      '--runs',
      runs,
      '--json',
      '--quiet',
    ];
    const { status, out, err } = await start(argv).ended;
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const { study, trials, best, search, rerun } = JSON.parse(out);
    expect([trials, search.metric, search.space]).toEqual([4, 'heldOut.loss', name]);
    expect(best.length).toBeGreaterThan(0);
    expect(rerun).toContain(`--set 'method="${method}"'`);
    const [first] = JSON.parse(fs.readFileSync(path.join(study, 'study.json'), 'utf8')).trials;
    expect(Object.keys(first.settings).sort()).toEqual(
      space.axes.flatMap((axis) => [axis.path, ...(axis.with ?? [])]).sort(),
    );
  });
});

describe('a space of one’s own', () => {
  const file = (content: unknown) =>
    write('own.json', Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));

  test('has values, distributions, and settings that go together', () => {
    const space = readSpace(
      file({
        title: 'Mine',
        sweep: { a: [1, 'x'], b: 'loguniform(1e-3..1)', c: { values: 'lin(0..1,3)', with: ['d.e'] } },
      }),
    );
    expect(space).toMatchObject({ name: 'own', title: 'Mine', set: {}, notes: [] });
    expect(space.axes).toEqual([
      { path: 'a', kind: 'values', values: [1, 'x'], as: '1,"x"' },
      { path: 'b', kind: 'loguniform', low: 0.001, high: 1, as: 'loguniform(1e-3..1)' },
      { path: 'c', kind: 'lin', values: [0, 0.5, 1], as: 'lin(0..1,3)', with: ['d.e'] },
    ]);
  });

  test.each([
    ['{"title"', /own\.json" \(--space\) is no JSON/],
    [{ sweep: {} }, /title in the search space .*own\.json is missing/],
    [{ title: '', sweep: { a: 3 } }, /a list of values, a text such as "loguniform/],
    [{ title: '', sweep: { a: [] } }, /sweep\.a/],
    [{ title: '', sweep: { a: 'log(0..1,3)' } }, /no logarithm at 0/],
    [{ title: '', swep: {} }, /There is no setting "swep".*|sweep.* is missing/],
    [{ title: '', sweep: { a: [1, 1] } }, /take a value twice/],
  ])('is refused where it is wrong: %j', (content, why) => {
    expect(() => readSpace(file(content))).toThrow(why);
  });

  test('is refused where it is not there', () => {
    expect(() => readSpace('s5')).toThrow(/no such search space.*Legal: s1, s1-t1t2, .*Did you mean "s1"/);
    expect(() => readSpace(path.join(folder, 'none.json'))).toThrow(/does not exist/);
  });
});
