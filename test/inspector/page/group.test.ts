import fc from 'fast-check';
import { overlayOf } from '../../../src/inspector/page/run-list/curves';
import { seedGroups, summaryOf, thinningOf } from '../../../src/inspector/page/run-list/group';
import { student95 } from '../../../src/inspector/page/run-list/student';
import type { Curve } from '../../../src/inspector/protocol/traces';
import { EvenPoints } from '../../../src/inspector/server/metrics/even-points';
import { seedInterval } from '../../../src/study/compare/seed-interval';
import { runRow } from './run-row';

const run = (id: string, seed: number, beta: number) => runRow(id, { seed, settings: { seed, beta } });
const curve = (id: string, y: (number | null)[], x = y.map((_, i) => i)): Curve => ({
  id,
  metric: 'loss',
  by: 'metaStep',
  group: null,
  x,
  y,
});

describe('seeds of equal settings', () => {
  it('are one group, whatever the order of their settings', () => {
    const other = runRow('c', { seed: 3, settings: { beta: 0.1, seed: 3 } });
    const groups = seedGroups([run('a', 1, 0.1), run('b', 1, 0.2), other]);
    expect(groups.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['a', 'c'], ['b']]);
  });

  it('have the mean and the 95 % interval that metaplast compare gives', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(values, (sample) => {
        const { mean, low, high } = summaryOf(
          sample.map((value, i) => curve(`${i}`, [value])),
          'interval',
        );
        const expected = seedInterval(sample);
        const half = expected.halfWidth!;
        // The table of quantiles has three decimals.
        const tolerance = 1e-9 * Math.abs(expected.mean) + 2e-4 * half + 1e-9;
        expect(Math.abs(mean[0]! - expected.mean)).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(high[0]! - low[0]! - 2 * half)).toBeLessThanOrEqual(2 * tolerance);
      }),
    );
  });

  it('have quantiles right beyond the table too', () => {
    for (let n = 2; n <= 300; n++) {
      // Two values, the others between them: the half width gives the quantile back.
      const sample = Array.from({ length: n }, (_, i) => (i === 0 ? -1 : i === 1 ? 1 : 0));
      const quantile = (seedInterval(sample).halfWidth! * Math.sqrt(n)) / Math.sqrt(2 / (n - 1));
      expect(student95(n - 1) / quantile).toBeCloseTo(1, 3);
    }
  });

  it('have the least and the largest, if that is asked for', () => {
    const summary = summaryOf([curve('a', [1, 5]), curve('b', [3, 4])], 'extent');
    expect(summary).toMatchObject({ mean: [2, 4.5], low: [1, 4], high: [3, 5], left: 0 });
  });

  it('have a gap where one of them has no number, and end with the shortest', () => {
    const summary = summaryOf([curve('a', [1, null, 3]), curve('b', [3, 2])], 'extent');
    expect(summary).toMatchObject({ x: [0, 1], mean: [2, null], low: [1, null], left: 1 });
  });
});

describe('seeds of more points than are sent', () => {
  const long = (seed: number, count: number) => {
    const points = new EvenPoints();
    for (let i = 0; i < count; i++) points.add(10 * i, Math.sin(1e4 * (i + seed) ** 2) + i / count);
    const { x, y } = points.thinned(1000);
    return curve(`${seed}`, [...y], [...x]);
  };

  it('have a mean over the whole course, at all steps that are sent', () => {
    const seeds = [1, 2, 3].map((seed) => long(seed, 3000));
    const { x, mean, left } = summaryOf(seeds, 'interval');
    expect([x.length, x[0], x.at(-1), left]).toEqual([751, 0, 29_990, 0]);
    expect(mean[5]).toBeCloseTo(seeds.reduce((sum, { y }) => sum + y[5]!, 0) / 3, 12);
  });

  it('have it as far as the shortest has come, though that one is thinned less', () => {
    const { x, left } = summaryOf([long(1, 3000), long(2, 900)], 'interval');
    expect([x.length, x.at(-1)]).toEqual([225, 8960]);
    expect(left).toBeGreaterThan(0);
  });

  it('are asked for evenly thinned, but not a run by itself, nor where each is drawn by itself', () => {
    const rows = [run('a', 1, 0.1), run('b', 2, 0.1), run('c', 1, 0.2)];
    expect(rows.map(({ id }) => thinningOf(rows, 'extent')(id))).toEqual(['even', 'even', 'extremes']);
    expect(rows.map(({ id }) => thinningOf(rows, 'each')(id))).toEqual(['extremes', 'extremes', 'extremes']);
  });
});

describe('curves of many runs', () => {
  const rows = [run('a', 1, 0.1), run('b', 2, 0.1), run('c', 1, 0.2)];
  const curves = new Map([
    ['a', [curve('a', [1, 2])]],
    ['b', [curve('b', [3, 4])]],
    ['c', [curve('c', [5, 6])]],
  ]);
  const options = { metric: 'loss', band: 'interval', log: false, differing: ['beta'] } as const;

  it('are a mean with its band and how many it is of, and a curve by itself for a seed alone', () => {
    const { data, runs } = overlayOf(rows, (id) => curves.get(id), options);
    expect(data.series.map(({ label, bandLabel }) => [label, bandLabel])).toEqual([
      ['β 0.1', 'mean of 2 seeds, 95 % interval'],
      ['β 0.2', undefined],
    ]);
    expect([...runs.values()]).toEqual([['a', 'b'], ['c']]);
  });

  it('count a seed once, by its newest run, and say so', () => {
    const again = runRow('b2', { seed: 2, changed: 1, settings: { seed: 2, beta: 0.1 } });
    const { data, notes, runs } = overlayOf(
      [...rows, again],
      (id) => (id === 'b2' ? [curve('b2', [7, 8])] : curves.get(id)),
      options,
    );
    expect(Array.from(data.series[0]!.y!)).toEqual([4, 5]);
    expect(data.series[0]!.bandLabel).toContain('mean of 2 seeds');
    expect(notes).toEqual([
      'β 0.1: of runs with the same settings and seed only the newest counts; 1 left out.',
    ]);
    expect([...runs.values()][0]).toEqual(['a', 'b', 'b2']);
  });

  it('are each by itself, if that is asked for', () => {
    const { data } = overlayOf(rows, (id) => curves.get(id), { ...options, band: 'each' });
    expect(data.series.map(({ label }) => label)).toEqual(['β 0.1, seed 1', 'β 0.1, seed 2', 'β 0.2']);
  });

  it('of several settings and several methods are each told from all others by colour and dash', () => {
    const methods = ['maml', 'contrastive', 'modulation'];
    const of = (id: string) => methods.map((group) => ({ ...curve(id, [1, 2]), group }));
    const { data } = overlayOf([...rows, run('d', 1, 0.3)], of, options);
    const styles = data.series.map(({ colour, dash }) => JSON.stringify([colour, dash]));
    expect([styles.length, new Set(styles).size]).toEqual([9, 9]);
  });

  it('say which runs have no such metric, and which seeds have come less far', () => {
    const { notes } = overlayOf(
      [...rows, run('d', 1, 0.5)],
      (id) => (id === 'd' ? [] : id === 'a' ? [curve('a', [1, 2, 3])] : curves.get(id)),
      options,
    );
    expect(notes).toEqual([
      'β 0.1: drawn as far as all 2 seeds have come.',
      '1 of 4 picked runs has no loss.',
    ]);
  });

  it('are drawn one by one where seeds were recorded at other steps', () => {
    const shifted = new Map([...curves, ['b', [curve('b', [3, 4], [10, 20])]]]);
    const { data, notes } = overlayOf(rows, (id) => shifted.get(id), options);
    expect(data.series).toHaveLength(3);
    expect(notes[0]).toContain('one by one');
  });
});
