import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { parse } from 'papaparse';
import { aligned } from '../../../src/inspector/page/chart/aligned';
import type { ChartData, ChartSeries } from '../../../src/inspector/page/chart/chart-data';
import { chartCsv } from '../../../src/inspector/page/chart/chart-table';
import { movedBy, nearestSeries, spoken, valueWords } from '../../../src/inspector/page/chart/readout';
import { padded, scalesOf } from '../../../src/inspector/page/chart/scale';
import { linearTicks, logTicks } from '../../../src/inspector/page/chart/ticks';
import { chartSvg } from '../../../src/inspector/page/export/svg';

const series = (
  id: string,
  x: number[],
  y: (number | null)[],
  more: Partial<ChartSeries> = {},
): ChartSeries => ({
  id,
  label: id,
  colour: '#0072b2',
  x,
  y,
  ...more,
});
const chart = (...all: ChartSeries[]): ChartData => ({
  x: { label: 'step' },
  y: { label: 'loss' },
  series: all,
});
const growing = fc
  .uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.sort((a, b) => a - b));

describe('series over one x', () => {
  it('have each value at its own x, and nothing elsewhere', () => {
    fc.assert(
      fc.property(fc.array(growing, { minLength: 1, maxLength: 5 }), (lists) => {
        const { x, columns } = aligned(
          chart(
            ...lists.map((list, i) =>
              series(
                `${i}`,
                list,
                list.map((at) => 100 * i + at),
              ),
            ),
          ),
        );
        expect(x).toEqual([...new Set(lists.flat())].sort((a, b) => a - b));
        lists.forEach((list, i) => {
          expect(columns[i]!.values).toEqual(x.map((at) => (list.includes(at) ? 100 * i + at : undefined)));
        });
      }),
    );
  });

  it('have a gap where there is none, or no finite value; and count what a logarithmic axis cannot show', () => {
    const given = series('a', [0, 1, 2, 3], [1, null, Number.NaN, 0]);
    expect(aligned(chart(given)).columns[0]!.values).toEqual([1, null, null, 0]);
    const { columns, left } = aligned({ ...chart(given), y: { label: 'loss', log: true } });
    expect(columns[0]!.values).toEqual([1, null, null, null]);
    expect(left).toBe(1);
  });
});

describe('ticks', () => {
  it('lie on the axis, in order, some of them', () => {
    const ends = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, ([from, length]) => {
        const ticks = linearTicks(from, from + length);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        const slack = 1e-6 * (Math.abs(from) + length);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from - slack);
          expect(tick).toBeLessThanOrEqual(from + length + slack);
        }
      }),
    );
  });

  it('of a logarithmic axis are powers of ten, thinned out where they are many', () => {
    expect(logTicks(0.5, 2000)).toEqual([1, 10, 100, 1000]);
    expect(logTicks(1e-12, 1).length).toBeLessThanOrEqual(7);
    expect(logTicks(1.5, 9)).toEqual([2, 5]);
  });

  it('a logarithmic axis has a power of ten at least', () => {
    const [from, to] = padded(1e-6, 1.1e-6, true, 0.05);
    expect(to / from).toBeGreaterThanOrEqual(10 * (1 - 1e-12));
  });
});

describe('the drawing of a chart', () => {
  const data = chart(
    series('first & <best>', [0, 1, 2], [1, null, 3]),
    series('second', [0, 2], [2, 5], { low: [1, 4], high: [3, 6] }),
    series('points', [1], [4], { points: 'only' }),
  );
  const draw = (given: ChartData) =>
    parseHTML(`<body>${chartSvg(given, { title: 'Loss', note: 'npx metaplast run' })}</body>`).document;

  it('is a vector drawing: paths and text, no picture, no style that a strict policy forbids', () => {
    const document = draw(data);
    expect(document.querySelectorAll('image, foreignObject, style, script, [style]')).toHaveLength(0);
    const words = [...document.querySelectorAll('text')].map((text) => text.textContent);
    expect(words).toEqual(
      expect.arrayContaining(['Loss', 'first & <best>', 'second', 'step', 'loss', 'npx metaplast run']),
    );
  });

  it('has each point of each curve where its axes say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 20 }),
        (y) => {
          const given = chart(
            series(
              'a',
              y.map((_, i) => i),
              y,
            ),
          );
          const path = draw(given).querySelector('g[clip-path] path')!.getAttribute('d') as string;
          const points = path
            .slice(1)
            .split('L')
            .map((point) => point.split(' ').map(Number) as [number, number]);
          expect(points).toHaveLength(y.length);
          // Two of the frame's corners are known by its path; from them each value is read back.
          const frame = [...draw(given).querySelectorAll('path')].at(-1)!.getAttribute('d')!;
          const [, left, top, bottom, right] = /^M(\d+) (\d+)V([\d.]+)H(\d+)$/
            .exec(frame)!
            .map(Number) as number[];
          const scale = scalesOf(given, null);
          points.forEach(([across, up], i) => {
            const part = (bottom! - up) / (bottom! - top!);
            expect(scale.y.from + part * (scale.y.to - scale.y.from)).toBeCloseTo(y[i]!, 0);
            expect((across - left!) / (right! - left!)).toBeCloseTo(i / (y.length - 1), 2);
          });
        },
      ),
    );
  });

  it('breaks a curve at a gap, and draws a band as an area', () => {
    const drawn = [...draw(data).querySelectorAll('g[clip-path] path')].map(
      (path) => path.getAttribute('d')!,
    );
    expect(drawn[0]!.match(/M/g)).toHaveLength(2);
    expect(drawn[1]).toMatch(/^M.*Z$/);
    expect(draw(data).querySelectorAll('circle')).toHaveLength(1);
  });

  it('gives the same bytes for the same data', () => {
    expect(chartSvg(data, { title: 'Loss' })).toBe(chartSvg(data, { title: 'Loss' }));
  });

  it('as numbers has all digits, and what a logarithmic axis left out', () => {
    const given = { ...chart(series('a, "b"', [0, 1], [0.1 + 0.2, -1])), y: { label: 'loss', log: true } };
    expect(parse(chartCsv(given).trim()).data).toEqual([
      ['step', 'a, "b"'],
      ['0', '0.30000000000000004'],
      ['1', '-1'],
    ]);
  });
});

describe('the cursor of a chart', () => {
  const data = chart(
    series('a', [0, 1, 2], [1, 2, 3]),
    series('b', [0, 2], [10, 30], { low: [9, 29], high: [11, 31] }),
  );
  const joined = aligned(data);

  it('moves by arrows, pages and to the ends, and no further', () => {
    expect(movedBy('ArrowRight', 0, 100)).toBe(1);
    expect(movedBy('ArrowLeft', 0, 100)).toBe(0);
    expect(movedBy('PageUp', 0, 100)).toBe(10);
    expect(movedBy('Home', 50, 100)).toBe(0);
    expect(movedBy('End', 50, 100)).toBe(99);
    expect(movedBy('x', 50, 100)).toBeUndefined();
  });

  it('is at the nearest curve, also where that has no point at the very place', () => {
    expect(nearestSeries(joined, 2, 1, (value) => Math.abs(value - 9))).toBe(1);
    expect(nearestSeries(joined, 2, 1, (value) => Math.abs(value - 9), new Set([1]))).toBe(0);
  });

  it('says what is under it, bands with their ends', () => {
    expect(valueWords(joined, 1, 0)).toBe('10 (9 to 11)');
    expect(spoken(data, joined, 1, 0)).toBe('step 1: a 2; b has no value here');
  });
});
