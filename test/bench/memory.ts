import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { MetaplastError } from '../../src/core/errors';
import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { table } from './figures';
import { imageSteps, type StepMemory } from './memory-of-step';
import type { Report } from './report';

/** What nudged steps on many images take, each in a process of its own, whose peak is that of nothing else. */
export async function measureMemory(blas: BlasChoice): Promise<Report> {
  const rows = imageSteps.map((step, index) => {
    const argv = ['-r', 'ts-node/register/transpile-only', join(__dirname, 'memory-of-step.ts')];
    const child = spawnSync(process.execPath, [...argv, String(index), blas], { encoding: 'utf8' });
    if (child.status !== 0)
      throw new MetaplastError({ what: `${step.title} could not be measured`, got: child.stderr.trim() });
    return { ...step, ...(JSON.parse(child.stdout) as StepMemory) };
  });
  const missed = rows.filter(({ shared, most }) => shared > most).map(({ title }) => title);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toPrecision(3)} MB`;
  return {
    data: { rows: rows.map(({ network: _, ...row }) => row), missed },
    lines: [
      ...table([
        ['step', 'shared memory', 'at most', 'process with its data', 'peak of the process'],
        ...rows.map(({ title, shared, most, residentBefore, residentPeak }) => [
          ...[title, megabytes(shared), megabytes(most), megabytes(residentBefore)],
          megabytes(residentPeak),
        ]),
      ]),
      ...(missed.length === 0 ? [] : [`Goals missed: ${missed.join('; ')}`]),
    ],
    exitCode: missed.length === 0 ? 0 : 1,
  };
}
