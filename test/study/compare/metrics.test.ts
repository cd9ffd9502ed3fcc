import { betterOf } from '../../../src/study/compare/known-metrics';
import { chooseMetrics, matchMetrics } from '../../../src/study/compare/match-metrics';
import { measuredIn } from '../../../src/study/compare/metrics';

const metricsOf = (summary: object) =>
  Object.fromEntries(measuredIn(summary as Record<string, unknown>)[0]!.metrics);

describe('the metrics of a summary', () => {
  it('are its numbers by their paths; null stands where JSON has no number', () => {
    expect(metricsOf({ test: { after: 0.2 }, lost: null, verdict: 'good', done: true })).toEqual({
      'test.after': 0.2,
      lost: null,
    });
  });

  it('name the entries of a list by what they are of, so that lists of other steps are not taken for each other', () => {
    const [short, long] = [
      [0, 10],
      [0, 1, 10],
    ].map((steps) => metricsOf({ loss: steps.map((step) => ({ steps: step, mean: step / 100 })) }));
    expect(short!['loss[steps=10].mean']).toBe(0.1);
    expect(long!['loss[steps=10].mean']).toBe(0.1);
    expect(long!['loss[last].mean']).toBe(0.1);
  });

  it('name them by their index where nothing else tells them apart', () => {
    expect(metricsOf({ ends: [1, 2], pairs: [{ x: 1 }, { x: 2 }] })).toEqual({
      'ends[0]': 1,
      'ends[1]': 2,
      'pairs[0].x': 1,
      'pairs[1].x': 2,
    });
  });

  it('are the same in whatever order the keys stand', () => {
    const one = metricsOf({
      a: [
        { layer: 0, parameter: 'weight', mean: 1 },
        { layer: 0, parameter: 'bias', mean: 2 },
      ],
    });
    const other = metricsOf({
      a: [
        { mean: 1, parameter: 'weight', layer: 0 },
        { mean: 2, parameter: 'bias', layer: 0 },
      ],
    });
    expect(other).toEqual(one);
    expect(one['a[layer=0,parameter=bias].mean']).toBe(2);
  });

  it('of several methods are named alike, with what is of the whole run', () => {
    const summary = {
      tasks: 5,
      methods: { maml: { loss: 1, failure: null }, own: { loss: 2, failure: 'it diverged' } },
    };
    const [maml, own] = measuredIn(summary);
    expect(Object.fromEntries(maml!.metrics)).toEqual({ tasks: 5, 'methods.*.loss': 1 });
    expect([maml!.failure, own!.failure]).toEqual([null, 'it diverged']);
  });
});

describe('a pattern', () => {
  const all = [
    'train.after',
    'test.after',
    'synapse.lambda.after',
    'methods.*.accuracy[steps=1].mean',
    'methods.*.accuracy[steps=10].mean',
    'methods.*.curve[tasks=0].accuracy[steps=1].mean',
    'regimes[lambda=0.1].error',
  ];
  it.each([
    ['test.after', ['test.after']],
    ['after', ['train.after', 'test.after']],
    ['test', ['test.after']],
    ['*.after', ['train.after', 'test.after']],
    ['t*.after', ['train.after', 'test.after']],
    ['accuracy[*].mean', ['methods.*.accuracy[steps=1].mean', 'methods.*.accuracy[steps=10].mean']],
    ['accuracy[steps=1].mean', ['methods.*.accuracy[steps=1].mean']],
    ['methods.maml.accuracy[steps=10].mean', ['methods.*.accuracy[steps=10].mean']],
    ['curve[*].accuracy[*].mean', ['methods.*.curve[tasks=0].accuracy[steps=1].mean']],
    ['regimes[lambda=0.1].error', ['regimes[lambda=0.1].error']],
    ['(', []],
    ['', []],
  ])('%s names %j', (pattern, found) => {
    expect(matchMetrics(pattern, all)).toEqual(found);
  });

  it('that is the path of any metric names that one', () => {
    for (const metric of all) expect(matchMetrics(metric, all)).toEqual([metric]);
  });

  it('that names nothing is an error with the nearest names', () => {
    expect(() => chooseMetrics(['test.aftr'], all)).toThrow(/Got "test.aftr".*test\.after.*--list-metrics/s);
  });
});

describe('which way a metric is better', () => {
  it.each([
    ['boston', 'test.after', 'lower'],
    ['mine', 'test.after', null],
    ['mine', 'finalLoss', 'lower'],
    ['omniglot', 'methods.*.accuracy[steps=1].mean', 'higher'],
    ['omniglot', 'methods.*.accuracy[steps=1].halfWidth', null],
    ['cifar10', 'methods.*.test.after.loss', 'lower'],
    ['cifar10', 'methods.*.bestHeldOut.metaStep', null],
    ['sinusoid', 'methods.*.gradientsPerTask', null],
  ])('of %s: %s is %s', (scenario, metric, better) => {
    expect(betterOf(scenario, metric)).toBe(better);
  });
});
