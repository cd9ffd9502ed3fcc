import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Finished, start } from '../cli/command';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-boston-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

/** Processes of their own: inside of Jest the same arithmetic takes several times as long. */
const argv = ['run', 'boston', '--preset', 'cpu', '--set', 'exactChecks=2', '--rules', 'gpujs', '--json'];
/** Milliseconds: each takes some 12 s of one core, and all three run at once, on a machine that may be busy. */
const longest = 300_000;
let started: Map<number, Promise<Finished>>;
beforeAll(() => {
  const seeds = [1, 2, 3];
  started = new Map(seeds.map((seed) => [seed, start([...argv, '--seed', `${seed}`, '--runs', runs]).ended]));
});

describe('on Boston housing, synapses that meta-learn their lambda', () => {
  test.each([1, 2, 3])(
    'lower the held-out error by 15 % or more with seed %s, by meta-gradients that can be trusted',
    async (seed) => {
      const { status, out, err } = await started.get(seed)!;
      expect(status).toBe(0);
      const summary = JSON.parse(out);
      expect(summary.heldOutRatio).toBeLessThanOrEqual(0.85);
      expect(summary.heldOutRatio).toBeCloseTo(summary.heldOut.medianOfLastHalf / summary.heldOut.before, 12);
      expect(summary).toMatchObject({ metaSteps: 30, unconvergedMetaSteps: 0, warnings: [] });
      expect(summary.residual.largest).toBeLessThanOrEqual(summary.residual.tolerance);
      expect(summary.exactChecks.map(({ metaStep }: { metaStep: number }) => metaStep)).toEqual([0, 30]);
      for (const { relativeError, smallestEigenvalue } of summary.exactChecks) {
        expect(relativeError).toBeLessThan(0.2);
        expect(smallestEigenvalue).toBeGreaterThan(0);
      }
      expect(summary.rules).toMatchObject({ executor: 'gpujs', precision: 'float32' });
      expect(err).toMatch(/which is \d+ % lower than before/);
    },
    longest,
  );
});
