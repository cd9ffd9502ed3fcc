import type { FewShotFacts, FewShotResult } from '../../src/few-shot/facts';
import { fewShotFigures } from '../../src/few-shot/figures';

type Losses = FewShotResult['history']['curve'][number]['losses'];

/** What is read of a method's result: its name and its curve. */
function result(name: string, ...curve: readonly [tasks: number, losses: Losses][]): FewShotResult {
  const history = { steps: [0, 10], curve: curve.map(([tasks, losses]) => ({ tasks, losses })) };
  return { method: { name }, history } as unknown as FewShotResult;
}

const figuresOf = (...results: readonly FewShotResult[]) =>
  fewShotFigures({
    ...{ name: 'sinusoid', unseen: 50, results, loss: 'mean squared error' },
    settings: { unseen: { steps: [0, 10], tasks: 50, every: 1 }, batch: 1 },
  } as unknown as FewShotFacts);

const before: Losses = [
  { mean: 4, halfWidth: 1 },
  { mean: 3, halfWidth: 0.5 },
];
const after: Losses = [
  { mean: 2, halfWidth: 1 },
  { mean: 1, halfWidth: 0.25 },
];

describe('the figures of a run over a stream of tasks', () => {
  test('show how the loss falls inside tasks, after the whole stream, with intervals', () => {
    const [inside] = figuresOf(result('maml', [0, before], [100, after]));
    expect(inside!.panels[0]!.series).toEqual([
      {
        label: 'maml',
        kind: 'line-and-dots',
        points: [
          { x: 0, y: 2, low: 1, high: 3 },
          { x: 10, y: 1, low: 0.75, high: 1.25 },
        ],
      },
    ]);
    expect(inside!.title).toBe('sinusoid: how fast 50 unseen tasks are learned, after the whole stream');
  });

  test('show the loss after the most inner steps over the stream', () => {
    const over = figuresOf(result('maml', [0, before], [100, after]))[1]!;
    expect(over.title).toContain('after 10 inner steps');
    expect(over.panels[0]!.series[0]!.points.map(({ x, y }) => [x, y])).toEqual([
      [0, 3],
      [100, 1],
    ]);
  });

  test('show a method that learns nothing between tasks as a level line', () => {
    const over = figuresOf(result('maml', [0, before], [100, after]), result('scratch', [0, before]))[1]!;
    expect(over.panels[0]!.series).toHaveLength(1);
    expect(over.panels[0]!.marks).toEqual([{ axis: 'y', at: 3, label: 'scratch' }]);
    expect(over.caption).toMatch(/A level line is a method that learns nothing between tasks/);
  });

  test('show nothing over the stream where no method learns from it', () => {
    expect(figuresOf(result('scratch', [0, before])).map(({ name }) => name)).toEqual([
      'loss-by-inner-steps',
    ]);
  });

  test('show each of many methods in a panel of its own, the others behind it, on the same axes', () => {
    const names = ['contrastive', 'maml', 'reptile', 'scratch'];
    const results = names.map((name) =>
      name === 'scratch' ? result(name, [0, before]) : result(name, [0, before], [100, after]),
    );
    for (const { panels, sharedAxes, caption } of figuresOf(...results)) {
      expect(sharedAxes).toEqual(['x', 'y']);
      expect(panels.map(({ title }) => title)).toEqual([
        'contrastive: 1.00 ± 0.25',
        'maml: 1.00 ± 0.25',
        'reptile: 1.00 ± 0.25',
        'scratch: 3.00 ± 0.50',
      ]);
      panels.forEach(({ series, marks }, own) => {
        expect(marks).toBeUndefined();
        expect(series.map(({ label }) => label)).toEqual(names);
        expect(series.map(({ muted = false }) => muted)).toEqual(names.map((_, i) => i !== own));
        expect(series.every(({ points }) => points.every(({ low }) => low !== undefined))).toBe(true);
      });
      expect(caption).toContain(
        'Above the panels: loss of unseen tasks after 10 inner steps, after the whole stream.',
      );
    }
    const [, over] = figuresOf(...results);
    const scratch = over!.panels[3]!.series[3]!;
    expect(scratch.points.map(({ x, y }) => [x, y])).toEqual([
      [0, 3],
      [100, 3],
    ]);
  });

  test('keep three methods together, since their bands can be told apart', () => {
    const results = ['contrastive', 'maml', 'reptile'].map((name) => result(name, [0, before], [100, after]));
    expect(figuresOf(...results).map(({ panels }) => panels.length)).toEqual([1, 1]);
  });

  test('have no interval for a task that is alone, and no number where one has diverged', () => {
    const losses = [
      { mean: 2, halfWidth: Number.NaN },
      { mean: Number.NaN, halfWidth: Number.NaN },
    ];
    const [inside] = figuresOf(result('maml', [0, losses]));
    expect(inside!.panels[0]!.series[0]!.points).toEqual([
      { x: 0, y: 2 },
      { x: 10, y: Number.NaN },
    ]);
  });
});
