import type { GrowthCurve } from './growth-curves';
import { growthFigures } from './growth-figures';

const curve = (along: GrowthCurve['along'], milliseconds: (size: number) => number): GrowthCurve => ({
  ...{ what: 'inner step', along, shapes: '10 samples' },
  points: [10, 100, 1000, 10_000].map((size) => ({
    ...{ size, milliseconds: milliseconds(size), bytes: 28 * size },
  })),
});

describe('the figures of growth', () => {
  const curves = [curve('synapses', (size) => size / 100), curve('layers', () => 5)];
  const [time, bytes] = growthFigures(curves);

  it('have a panel for each thing that grows, time and bytes apart', () => {
    expect([time, bytes].map((figure) => figure!.panels.map(({ x, y }) => [x.label, y.label]))).toEqual([
      [
        ['synapses', 'time a step (ms)'],
        ['layers', 'time a step (ms)'],
      ],
      [
        ['synapses', 'memory (bytes)'],
        ['layers', 'memory (bytes)'],
      ],
    ]);
  });

  it('show what was measured, point by point', () => {
    expect(time!.panels[0]!.series[0]!.points).toEqual([
      { x: 10, y: 0.1 },
      { x: 100, y: 1 },
      { x: 1000, y: 10 },
      { x: 10_000, y: 100 },
    ]);
  });

  it('draw the fit dashed, labelled by its slope, over the range that it was fitted to', () => {
    const { label, dashed, points } = time!.panels[0]!.series[1]!;
    expect([label, dashed]).toEqual(['slope 1.00', true]);
    expect(points.map(({ x }) => x)).toEqual([10, 10_000]);
  });

  it('mark where growth begins to be linear', () => {
    expect(time!.panels[0]!.marks).toEqual([{ axis: 'x', at: 10, label: 'inner step: linear from here' }]);
  });

  it('draw no fit and no mark where growth is not linear', () => {
    const { series, marks } = time!.panels[1]!;
    expect([series.length, marks!.length]).toEqual([1, 0]);
  });

  it('are JSON values only', () => {
    expect(JSON.parse(JSON.stringify([time, bytes]))).toEqual([time, bytes]);
  });
});
