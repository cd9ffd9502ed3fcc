import type { Axis, Point } from '../../src/plot/figure';
import { whatAxesShow } from '../../src/plot/what-axes-show';

const gap = { x: Number.NaN, y: Number.NaN };

function pointsOn(y: Axis['scale'], points: readonly Point[]) {
  const axes = { x: { label: '', scale: 'linear' }, y: { label: '', scale: y } } as const;
  const { series, notes } = whatAxesShow({ ...axes, series: [{ label: 'maml', points }] });
  return { points: series[0]!.points, notes };
}

describe('what a panel shows', () => {
  test('is every point where the axes have a place for it, and nothing is said', () => {
    expect(pointsOn('log', [{ x: -1, y: 1e-300 }])).toEqual({ points: [{ x: -1, y: 1e-300 }], notes: [] });
    expect(pointsOn('linear', [{ x: 0, y: -5 }]).notes).toEqual([]);
  });

  test('has a gap for zero and less on a log axis, which is said', () => {
    const { points, notes } = pointsOn('log', [
      { x: 0, y: 1 },
      { x: 1, y: 0 },
      { x: 2, y: -1 },
    ]);
    expect(points).toEqual([{ x: 0, y: 1 }, gap, gap]);
    expect(notes).toEqual(['Not shown: 2 of 3 points of "maml", at or below 0 on a log axis.']);
  });

  test('has a gap for what is not finite, which is said', () => {
    const { points, notes } = pointsOn('linear', [
      { x: 0, y: Number.NaN },
      { x: Number.POSITIVE_INFINITY, y: 0 },
    ]);
    expect(points).toEqual([gap, gap]);
    expect(notes).toEqual(['Not shown: 2 of 2 points of "maml", not finite.']);
  });

  test('is cut off where an interval reaches 0 on a log axis, which is said', () => {
    const { points, notes } = pointsOn('log', [{ x: 0, y: 1, low: -1, high: 3 }]);
    expect(points).toEqual([{ x: 0, y: 1, low: Number.NaN, high: 3 }]);
    expect(notes).toEqual(['Cut off: the intervals at 1 of 1 points of "maml" reach 0 or below.']);
  });
});
