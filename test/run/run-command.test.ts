import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { z } from 'zod';
import { runCommandOf, type StoredRun } from '../../src/run/run-command';
import { defineScenario, resolveConfig, type Scenario } from '../../src/run/scenario/scenario';

const scenario = defineScenario({
  name: 'toy',
  question: '',
  config: z.strictObject({
    beta: z.number().default(0.1),
    method: z.string().default('forward'),
    steps: z.array(z.number()).default([1, 10]),
    free: z.strictObject({ rate: z.number().default(0.05), steps: z.int().default(100) }).prefault({}),
  }),
  presets: { smoke: { free: { steps: 5 } }, cpu: {}, paper: {} },
  schedule: () => {
    throw new Error('not asked for');
  },
  run: () => {
    throw new Error('not run');
  },
}) as unknown as Scenario;

function commandWith(overrides: string[], more: Partial<StoredRun> = {}): string {
  const config = resolveConfig(scenario, 'smoke', overrides) as Record<string, unknown>;
  const standard = { engine: 'auto', blas: 'auto', rules: 'auto', file: null, synapse: null, project: null };
  return runCommandOf(scenario, { scenario: 'toy', preset: 'smoke', seed: 3, config, ...standard, ...more });
}

describe('the command that makes a run again', () => {
  test('names scenario, preset and seed, and no setting that the preset has already', () => {
    expect(commandWith(['free.steps=5', 'beta=0.1'])).toBe('npx metaplast run toy --preset smoke --seed 3');
  });

  test('sets what was changed, inside groups too', () => {
    expect(commandWith(['free.rate=1e-3', 'beta=-0.5'])).toMatch(
      /--seed 3 --set beta=-0.5 --set free.rate=0.001$/,
    );
  });

  test('gives a shell each word whole', () => {
    expect(commandWith(['steps=[0, 1]', "method=it's"])).toMatch(
      / --set 'method=it'\\''s' --set 'steps=\[0,1\]'$/,
    );
  });

  test('keeps text that looks like a number text', () => {
    const words = /--set '(method=.*)'$/.exec(commandWith(['method="12"']))![1]!;
    expect(resolveConfig(scenario, 'smoke', [words])).toMatchObject({ method: '12' });
  });

  test('names engine, BLAS, rules and a scenario file where they are not the standard ones', () => {
    const more = { engine: 'reference', blas: 'wasm', rules: 'plain', file: resolve('mine/toy.ts') };
    expect(commandWith([], more)).toBe(
      'npx metaplast run ./mine/toy.ts --preset smoke --seed 3 --engine reference --blas wasm --rules plain',
    );
  });

  test.each(['/home/me/secret/toy.ts', '../toy.ts', '../../elsewhere/toy.ts'])(
    'names of a file outside of the working directory nothing but the file: %s',
    (file) => {
      expect(commandWith([], { file: resolve(file) })).toBe(
        'npx metaplast run ./toy.ts --preset smoke --seed 3',
      );
    },
  );

  test('names a file in the working directory so that it can be run from there, whatever its name', () => {
    for (const name of ['toy.ts', '..toy.ts', "it's mine/to y.ts"]) {
      const word = / run (.*) --preset/.exec(commandWith([], { file: resolve(name) }))![1]!;
      const typed = execFileSync('sh', ['-c', `printf %s ${word}`]).toString();
      expect(resolve(typed)).toBe(resolve(name));
    }
  });
});
