import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median } from './figures';

const main = resolve(__dirname, '../../dist/src/cli/main.js');

/** A whole process of the smallest run, from the build; the ratio is the second that it may take over what it takes. */
export async function measureStartUp(trials: number) {
  const runs = mkdtempSync(join(tmpdir(), 'metaplast-bench-'));
  const seconds = Array.from({ length: Math.ceil(trials / 2) }, (_, i) => {
    const begin = performance.now();
    const argv = [main, 'run', 'one-synapse', '--quiet', '--runs', runs, '--name', String(i)];
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return (performance.now() - begin) / 1000;
  });
  rmSync(runs, { recursive: true });
  const time = median(seconds);
  return {
    ...{ work: 'start-up', shapes: 'metaplast run one-synapse' },
    ...{ ours: `${time.toPrecision(3)} s`, peer: '1.0 s at the most', ratio: 1 / time, goal: 1 },
  };
}
