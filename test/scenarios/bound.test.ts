import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from '../../src/plot/figure';
import { command } from '../cli/command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-bound-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

const run = async (seed: number) => {
  const { status, out } = await command(
    ...['run', 'bound', '--preset', 'smoke', '--seed', String(seed), '--runs', runs, '--json', '--quiet'],
  );
  expect(status).toBe(0);
  return JSON.parse(out);
};

describe.each([1, 2, 3])('the bound scenario, seed %i', (seed) => {
  it('finds no estimate more wrong than Theorem 2 allows, and the root of Corollary 1', async () => {
    const { aboveBound, exponents, best } = await run(seed);
    expect(aboveBound).toBe(0);
    expect(exponents.points).toBe(4);
    // Betas are known to 1/16 of an order of magnitude, distances range over 2.5 orders.
    expect(Math.abs(exponents.error - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(exponents.beta - 0.5)).toBeLessThan(0.05);
    // After 2 steps the corollary does not apply, and its bound says less than no estimate would be wrong by.
    expect(best[0].share).toBeGreaterThan(1);
  });
});

describe('the figures of the bound scenario', () => {
  let directory: string;
  beforeAll(async () => {
    directory = (await run(4)).runDirectory;
  });
  const figureNamed = (name: string): Figure =>
    JSON.parse(fs.readFileSync(path.join(directory, 'plots', `${name}.json`), 'utf8'));
  const lowest = (points: Figure['panels'][number]['series'][number]['points']) =>
    points.findIndex(({ y }) => y === Math.min(...points.map((point) => point.y)));

  it.each(['figure-1', 'figure-s1'])(
    '%s: solid curves have one best beta, dashed ones fall to the end',
    (name) => {
      const { series } = figureNamed(name).panels[0]!;
      expect(series.some(({ dashed }) => dashed)).toBe(true);
      for (const { points, dashed } of series) {
        if (dashed) expect(lowest(points)).toBe(points.length - 1);
        else expect([lowest(points) > 0, lowest(points) < points.length - 1]).toEqual([true, true]);
      }
    },
  );

  it('figure-1 B: curves of a fixed beta level off as delta goes to 0', () => {
    for (const { points } of figureNamed('figure-1').panels[1]!.series) {
      expect(points[1]!.y / points[0]!.y).toBeLessThan(points.at(-1)!.y / points.at(-2)!.y);
    }
  });

  it('figure-s2: the best bound is on or below the bound at every fixed beta, and below what the corollary states', () => {
    const [best, ...others] = figureNamed('figure-s2').panels[0]!.series;
    expect(others.length).toBeGreaterThan(3);
    for (const { points } of others) {
      best!.points.forEach(({ y }, i) => {
        expect(y).toBeLessThanOrEqual(points[i]!.y * (1 + 1e-14)); // they touch at the best beta
      });
    }
  });

  it('draw the measured errors under their bounds', () => {
    const { series } = figureNamed('theorem-2').panels[0]!;
    for (let i = 0; i < series.length; i += 2) {
      const [measured, bound] = [series[i]!, series[i + 1]!];
      expect(bound.label).toBe(`bound, ${measured.label}`);
      measured.points.forEach(({ y }, j) => {
        expect(y).toBeLessThan(bound.points[j]!.y);
      });
    }
  });

  it('leave out what the corollary says where it does not apply', () => {
    for (const { series } of figureNamed('corollary-1').panels) {
      const [measured, theory] = series;
      expect(measured!.points.length).toBe(theory!.points.length + 1);
    }
  });
});
