import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { firstValueFrom } from 'rxjs';
import { z } from 'zod';
import { ClosedError, InputError } from '../../src/core/errors';
import type { Simulation } from '../../src/learning/simulator';
import { type RunOptions, resumeRun, runScenario } from '../../src/run/run-scenario';
import { defineScenario } from '../../src/run/scenario/scenario';
import { smallSimulation } from '../learning/systems';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-sessions-'));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const options: RunOptions = {
  ...{ preset: 'smoke', seed: 1, overrides: [], engine: 'simd', blas: 'wasm', rules: 'plain', workers: 2 },
  ...{ runs: home, quiet: true, signal: new AbortController().signal },
};

/** Runs a scenario that never closes the simulation that it opens. */
function run(work: (simulation: Simulation) => Promise<unknown>, change: Partial<RunOptions> = {}) {
  const left: Simulation[] = [];
  const scenario = defineScenario({
    name: 'forgetful',
    question: 'Who closes?',
    config: z.strictObject({}),
    presets: { smoke: {}, cpu: {}, paper: {} },
    schedule: () => ({ plan: { phases: [{ beta: 0, steps: 1, tolerance: 0 }], stride: 1 }, tasks: 1 }),
    async run({ engine, workers }) {
      const simulation = smallSimulation({ engine, workers });
      left.push(simulation);
      await work(simulation);
      return { summary: {}, report: '' };
    },
  });
  return { left, finished: runScenario({ scenario, file: null }, { ...options, ...change }) };
}

describe('what a scenario leaves open is closed with its run', () => {
  it('where it ends well', async () => {
    const { left, finished } = run((simulation) => simulation.metaStep());
    await finished;
    await expect(left[0]!.metaStep()).rejects.toThrow(ClosedError);
  });

  it('where it fails while a simulation learns, which then ends as well', async () => {
    let learning: Promise<unknown> | null = null;
    const { finished } = run(async (simulation) => {
      learning = simulation.run({ metaSteps: 1000 });
      await firstValueFrom(simulation.events$);
      throw new RangeError('on purpose');
    });
    await expect(finished).rejects.toThrow('on purpose');
    await expect(learning).rejects.toThrow(ClosedError);
  });
});

describe.each([100_000, 65, 0, 1.5, Number.NaN])('%p workers', (workers) => {
  it('are refused with what is legal and why, before a run directory is made', async () => {
    const before = fs.readdirSync(home);
    const { finished } = run(async () => {}, { workers });
    await expect(finished).rejects.toThrow(InputError);
    await expect(finished).rejects.toThrow(/Legal: 1 to 64.*nine megabytes .* processors/s);
    expect(fs.readdirSync(home)).toEqual(before);
    await expect(resumeRun(home, { ...options, workers })).rejects.toThrow(/Legal: 1 to 64/);
  });
});
