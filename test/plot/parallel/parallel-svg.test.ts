import type { ParallelFigure } from '../../../src/plot/parallel/parallel-figure';
import { parallelSvg } from '../../../src/plot/parallel/parallel-svg';
import { placeOnAxis, ticksOf } from '../../../src/plot/parallel/place-on-axis';
import { svgPng } from '../../../src/plot/svg-png';

const figure: ParallelFigure = {
  ...{ title: 'What <loss> came to', caption: 'Three trials.', command: 'npx metaplast work here' },
  axes: [
    { label: 'kind', scale: 'levels', domain: [0, 2], levels: ['sgd', 'adam', 'none'] },
    { label: 'rate', scale: 'log', domain: [1e-4, 0.1] },
    { label: 'loss', scale: 'linear', domain: [1, 3] },
  ],
  lines: [
    { values: [0, 1e-4, 3], pale: true },
    { values: [2, 0.1, 1], pale: false, label: 'trial 2' },
    { values: [1, 1e-2, null], pale: true },
  ],
};

/** Of each line its points, and how thick and how pale it is. */
const linesIn = (svg: string) =>
  [...svg.matchAll(/<polyline points="([^"]+)"([^>]*)/g)].map(([, points, look]) => ({
    points: points!.split(' ').map((point) => point.split(',').map(Number)),
    stroke: /stroke="([^"]+)"/.exec(look!)![1],
    opacity: Number(/stroke-opacity="([^"]+)"/.exec(look!)?.[1] ?? 1),
  }));

test('a line goes through the places of its values, and ends where it has none', () => {
  const svg = parallelSvg(figure);
  const lines = linesIn(svg);
  // The labelled one has an outline.
  expect(lines.map(({ points }) => points.length)).toEqual([3, 2, 3, 3]);
  const [worst, unfinished, outline, best] = lines;
  const bottom = Math.max(...worst!.points.map(([, y]) => y!));
  const top = Math.min(...worst!.points.map(([, y]) => y!));
  expect(worst!.points.map(([, y]) => y)).toEqual([bottom, bottom, top]);
  expect(best!.points.map(([, y]) => y)).toEqual([top, top, bottom]);
  expect(outline!.points).toEqual(best!.points);
  expect(unfinished!.points[0]![1]).toBeCloseTo((top + bottom) / 2, 0);
  expect(unfinished!.points[1]![1]).toBeCloseTo(bottom - (2 / 3) * (bottom - top), 0);
  expect(new Set(worst!.points.map(([x]) => x)).size).toBe(3);
  expect(worst!.opacity).toBeLessThan(best!.opacity);
  expect(unfinished!.stroke).toBe('#b8b8b8');
  for (const text of [
    'What &#60;loss&#62; came to',
    'sgd',
    'adam',
    '10⁻⁴',
    'trial 2',
    'Made by: npx metaplast work here',
  ])
    expect(svg).toContain(text);
  expect(parallelSvg(figure)).toBe(svg);
  expect([...svgPng(svg).slice(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
});

test('lines that share a level lie side by side there; there may be none, and eight axes with 500', () => {
  const shared = parallelSvg({
    ...figure,
    lines: [0, 1, 2].map((i) => ({ values: [1, 0.01, i], pale: true })),
  });
  expect(new Set(linesIn(shared).map(({ points }) => points[0]![1])).size).toBe(3);
  expect(new Set(linesIn(shared).map(({ points }) => points[1]![1])).size).toBe(1);
  expect(linesIn(parallelSvg({ ...figure, lines: [] }))).toEqual([]);
  const axis = (label: string) => ({ label, scale: 'linear', domain: [0, 1] }) as const;
  const many = parallelSvg({
    ...figure,
    axes: Array.from({ length: 8 }, (_, i) => axis(`contrastive.setting${i}`)),
    lines: Array.from({ length: 500 }, (_, i) => ({
      values: Array<number>(8).fill(i / 500),
      pale: i % 2 === 0,
    })),
  });
  expect(linesIn(many)).toHaveLength(500);
});

test('places and ticks of an axis', () => {
  const log = { label: '', scale: 'log', domain: [0.01, 1] } as const;
  expect([0.01, 0.1, 1].map((value) => placeOnAxis(log, value))).toEqual([0, expect.closeTo(0.5, 12), 1]);
  expect(placeOnAxis({ ...log, domain: [2, 2] }, 2)).toBe(0.5);
  expect(ticksOf(log).map(({ label }) => label)).toEqual(['0.01', '0.1', '1']);
  expect(ticksOf({ label: '', scale: 'linear', domain: [0, 1] }).length).toBeGreaterThan(2);
  expect(ticksOf({ label: '', scale: 'linear', domain: [2, 2] })).toEqual([{ value: 2, label: '2' }]);
  const levels = Array.from({ length: 30 }, (_, i) => `v${i}`);
  expect(ticksOf({ label: '', scale: 'levels', domain: [0, 29], levels }).length).toBeLessThanOrEqual(12);
});
