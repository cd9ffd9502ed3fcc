import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Figure } from '../../src/plot/figure';
import { readTrace } from '../../src/trace/read-trace';
import { command } from '../cli/command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-one-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

describe('one synapse', () => {
  test('lowers its held-out error from task to task, and its trace shows phi in both phases', async () => {
    const { status, out } = await command('run', 'one-synapse', '--runs', runs, '--json', '--quiet');
    expect(status).toBe(0);
    const { heldOut, omega, lambda, warnings, metaSteps, runDirectory } = JSON.parse(out);
    expect(heldOut.after).toBeLessThan(heldOut.before / 2);
    expect(omega).toBeLessThan(0);
    expect(lambda).toBeGreaterThan(0.5);
    expect(warnings).toEqual([]);

    const { moments, courses } = readTrace(path.join(runDirectory, 'traces'), 'steps');
    const [phi, omegas, lambdas] = courses.map(({ values }) => values);
    for (const task of [0, metaSteps - 1]) {
      const ends = [0, 1].map((phase) => moments.findLastIndex((row) => row[0] === task && row[1] === phase));
      ends.forEach((row, phase) => {
        const beta = phase * 0.1;
        const [slow, strength] = [omegas![row]!, lambdas![row]!];
        const equilibrium = (2 * 1 + 2 * beta * -0.5 + strength * slow) / (2 + 2 * beta + strength);
        expect(phi![row]).toBeCloseTo(equilibrium, 8);
      });
    }
  });

  test('draws phi through the phases of three tasks, on what the closed form says, and the slow variables by task', async () => {
    const more = ['--set', 'estimator=symmetric', '--set', 'metaSteps=4', '--name', 'drawn'];
    const { out, err } = await command('run', 'one-synapse', ...more, '--runs', runs, '--json');
    const { runDirectory, omega } = JSON.parse(out);
    expect(err).toMatch(/^figure phi-through-phases: .*\nfigure omega-and-lambda-by-task: /m);
    const figure = (name: string) =>
      JSON.parse(fs.readFileSync(path.join(runDirectory, 'plots', `${name}.json`), 'utf8')) as Figure;

    const { panels } = figure('phi-through-phases');
    expect(panels.map(({ title }) => title!.slice(0, 6))).toEqual(['task 0', 'task 1', 'task 3']);
    for (const { series, spans } of panels) {
      expect(spans!.map(({ label }) => label)).toEqual(['free', 'beta = 0.1', 'beta = −0.1']);
      const [phi, ...settled] = series;
      expect(settled).toHaveLength(3);
      // Each phase ends on its dashed line; nudged ones start from the free one's end.
      settled.forEach(({ points, dashed }, i) => {
        expect(dashed).toBe(true);
        const { to } = spans![i]!;
        expect(phi!.points.find(({ x }) => x === to)!.y).toBeCloseTo(points[1]!.y, 8);
        const begin = phi!.points.findLast(({ x }) => x === spans![i]!.from)!;
        if (i > 0) expect(begin.y).toBeCloseTo(settled[0]!.points[0]!.y, 8);
        else expect(begin).toEqual({ x: 0, y: 0.2 });
      });
    }

    const slow = figure('omega-and-lambda-by-task');
    expect(slow.panels.map(({ y }) => y.label)).toEqual(['omega', 'lambda', 'held-out loss (squared error)']);
    const [, byHand, simulated] = slow.panels[0]!.series;
    expect(simulated!.points).toHaveLength(5);
    expect(simulated!.points.at(-1)!.y).toBe(omega);
    // Rules run in float32 here.
    simulated!.points.forEach(({ y }, i) => {
      expect(y).toBeCloseTo(byHand!.points[i]!.y, 4);
    });
  });

  test('says in its summary which phase did not converge', async () => {
    const few = ['--preset', 'smoke', '--set', 'free.steps=20'];
    const { out } = await command('run', 'one-synapse', ...few, '--runs', runs, '--json', '--quiet');
    expect(JSON.parse(out).warnings[0]).toMatch(
      /^meta-step 0: the free phase \(beta = 0\) has not converged/,
    );
  });

  test('reports what never moved, and draws phases that were at their ends at once', async () => {
    const tiny = ['--preset', 'smoke', '--set', 'beta=1e-14', '--rules', 'plain'];
    const { status, out, err } = await command('run', 'one-synapse', ...tiny, '--runs', runs, '--json');
    expect(status).toBe(0);
    const { neverMoved, runDirectory } = JSON.parse(out);
    expect(neverMoved).toEqual(['omega', 'lambda']);
    for (const variable of neverMoved) {
      expect(err).toMatch(
        new RegExp(
          `warning: ${variable} of the one synapse never moved: its contrast was exactly 0 in every`,
        ),
      );
    }
    const file = path.join(runDirectory, 'plots', 'phi-through-phases.json');
    const { panels } = JSON.parse(fs.readFileSync(file, 'utf8')) as Figure;
    expect(panels[0]!.spans!.map(({ label }) => label)).toEqual(['free']);
  });
});
