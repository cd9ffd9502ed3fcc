import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from '../../src/plot/figure';
import { command } from '../cli/command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-quadratic-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

interface ByPoints {
  readonly points: number;
  readonly fromClosedForm: number;
  readonly order: number;
  readonly atLargestBeta: { readonly error: number };
  readonly best: readonly { readonly steps: number; readonly error: number; readonly beta: number }[];
  readonly smallLambda: readonly { readonly error: number }[];
  readonly decadesAStep: Record<'error' | 'beta', { readonly measured: number; readonly predicted: number }>;
}

interface Summary {
  readonly byPoints: readonly ByPoints[];
  readonly shared: readonly { readonly beta: number; readonly free: number }[];
  readonly warnings: readonly string[];
  readonly runDirectory: string;
}

/** A grid that is fine enough for orders and rates to be read off, in some seconds. */
const settings = ['grid.perDecade=4', 'grid.to=2', 'grid.from=-5', 'steps=[1,3,20,25,30,35,40]', 'total=20'];

describe('the quadratic scenario', () => {
  let summary: Summary;
  const run = async () => {
    const changes = settings.flatMap((setting) => ['--set', setting]);
    const { status, out } = await command(
      ...['run', 'quadratic', '--preset', 'smoke', ...changes, '--runs', runs, '--json', '--quiet'],
    );
    expect(status).toBe(0);
    summary = JSON.parse(out);
  };
  beforeAll(run);

  const figureNamed = (name: string): Figure =>
    JSON.parse(fs.readFileSync(path.join(summary.runDirectory, 'plots', `${name}.json`), 'utf8'));

  it('finds that the error of converged phases is of order p - 1 in beta', () => {
    expect(summary.byPoints.map(({ points }) => points)).toEqual([2, 3, 4]);
    // The next order's share: i beta / (1 + i beta + lambda / h), some percent at beta = 0.04.
    for (const { points, order } of summary.byPoints)
      expect(Math.abs(order - (points - 1))).toBeLessThan(0.15);
  });

  it('finds that the error saturates at that of no estimate when beta is large', () => {
    // At beta = 100, 1 minus the share beta h / ((1 + beta) h + lambda) of ten synapses: a few percent for each point.
    for (const { atLargestBeta, points } of summary.byPoints) {
      expect(atLargestBeta.error).toBeLessThan(1);
      expect(atLargestBeta.error).toBeGreaterThan(1 - 0.05 * points);
    }
  });

  it('finds that the best error and its beta fall exponentially with steps, at the rates predicted', () => {
    for (const { decadesAStep } of summary.byPoints) {
      for (const { measured, predicted } of [decadesAStep.error, decadesAStep.beta]) {
        // Betas are known to 1/8 of an order of magnitude, over 20 steps of some 0.05 orders each.
        expect(Math.abs(measured / predicted - 1)).toBeLessThan(0.2);
      }
    }
  });

  it('finds that more points need a larger beta, and help once phases are long enough only', () => {
    const [two, , four] = summary.byPoints;
    expect(four!.best.at(-1)!.error).toBeLessThan(two!.best.at(-1)!.error / 3);
    expect(four!.best.at(-1)!.beta).toBeGreaterThan(two!.best.at(-1)!.beta);
    expect(four!.best[0]!.error).toBeGreaterThan(two!.best[0]!.error);
  });

  it('finds that a smaller nudge wants a larger share of the steps in the free phase', () => {
    const free = summary.shared.map((share) => share.free); // ascending in beta
    expect([...free].sort((a, b) => b - a)).toEqual(free);
    expect(free[0]).toBeGreaterThan(free.at(-1)!);
  });

  it('finds no beta nearly as good where lambda is too small to converge', () => {
    for (const { best, smallLambda } of summary.byPoints) {
      expect(smallLambda.at(-1)!.error).toBeGreaterThan(100 * best.at(-1)!.error);
    }
  });

  it('keeps each figure of the paper, in the regime where it holds and in the one where it does not', () => {
    for (const name of ['figure-s3', 'figure-s4', 'figure-s5', 'figure-s6']) {
      expect(figureNamed(name)).toMatchObject({ name });
      const contrary = figureNamed(`${name}-small-lambda`);
      expect(contrary.caption).toMatch(/so small a lambda/);
      expect(contrary.panels.length).toBeGreaterThan(0);
    }
  });

  it('is as far from the closed form as rounding makes it', () => {
    // Phases end some 1e-14 from their minima; coefficients of up to 3 / 0.001.
    for (const { fromClosedForm } of summary.byPoints) expect(fromClosedForm).toBeLessThan(1e-9);
  });

  it('draws converged phases on the closed form', () => {
    const { series } = figureNamed('figure-s3').panels.at(-1)!;
    for (const { points } of summary.byPoints) {
      const measured = series.find(({ label }) => label === `p = ${points}`)!;
      const closed = series.find(({ label }) => label === `p = ${points}, closed form`)!;
      expect(measured.points.length).toBe(closed.points.length);
      measured.points.forEach(({ x, y }, i) => {
        // 1e-14 from the minima, times coefficients of up to 3 / beta, over a gradient of norm 0.5.
        expect(Math.abs(y - closed.points[i]!.y)).toBeLessThan(1e-13 / x + 1e-11);
      });
    }
  });

  it('leaves no gap in a curve', () => {
    const files = fs.readdirSync(path.join(summary.runDirectory, 'plots'));
    for (const file of files.filter((name) => name.endsWith('.json'))) {
      for (const { series } of figureNamed(path.basename(file, '.json')).panels) {
        for (const { points } of series) {
          expect(points.length).toBeGreaterThan(1);
          for (const { x, y } of points) expect([x > 0, y > 0]).toEqual([true, true]);
        }
      }
    }
  });

  it('runs in float64 throughout, unless told otherwise', () => {
    const { engine, rules } = JSON.parse(
      fs.readFileSync(path.join(summary.runDirectory, 'env.json'), 'utf8'),
    );
    expect([engine.name, engine.precision, rules.precision]).toEqual(['reference', 'float64', 'float64']);
  });

  it('says which phase has not converged where it had to', async () => {
    const few = ['--set', 'converged.steps=5', '--set', 'steps=[1,2]', '--set', 'points=[2]'];
    const { out } = await command(
      'run',
      'quadratic',
      '--preset',
      'smoke',
      ...few,
      '--runs',
      runs,
      '--json',
      '--quiet',
    );
    expect(JSON.parse(out).warnings[0]).toMatch(
      /^p = 2, beta = 0\.000100: a phase has not converged in 5 steps/,
    );
  });
});

describe('the quadratic scenario is refused, with what is legal, where', () => {
  it.each<[string, string, RegExp]>([
    ['its steps do not ascend', 'steps=[5,5]', /steps .*must ascend/],
    ['its grid is empty', 'grid.to=-8', /grid\.to .*must be above from/],
    ['its rate would diverge', 'rate=2', /rate .*Got 2/],
    ['there is nothing to share', 'total=2', /total .*Got 2/],
  ])('%s', async (_name, setting, message) => {
    const { status, err } = await command('run', 'quadratic', '--set', setting, '--runs', runs);
    expect(status).toBe(2);
    expect(err).toMatch(message);
  });
});
