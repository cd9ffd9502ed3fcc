import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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

  test('says in its summary which phase did not converge', async () => {
    const few = ['--preset', 'smoke', '--set', 'free.steps=20'];
    const { out } = await command('run', 'one-synapse', ...few, '--runs', runs, '--json', '--quiet');
    expect(JSON.parse(out).warnings[0]).toMatch(
      /^meta-step 0: the free phase \(beta = 0\) has not converged/,
    );
  });
});
