import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Figure } from '../../src/plot/figure';
import { runScenario } from '../../src/run/run-scenario';
import { defineScenario } from '../../src/run/scenario';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-figure-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

const figure: Figure = {
  name: 'a-line',
  title: 'A line',
  caption: 'It rises.',
  panels: [
    {
      x: { label: 'x', scale: 'linear' },
      y: { label: 'y', scale: 'log' },
      series: [
        {
          label: 'line',
          points: [
            { x: 0, y: 1 },
            { x: 1, y: 10 },
          ],
        },
      ],
    },
  ],
};

test('a figure that a scenario shows is kept in plots/ under its name, as the data that it is', async () => {
  const scenario = defineScenario({
    name: 'shows',
    question: 'Is a figure kept?',
    config: z.strictObject({}),
    presets: { smoke: {}, cpu: {}, paper: {} },
    schedule: () => ({ plan: { phases: [{ beta: 0, steps: 1 }], stride: 1 }, tasks: 1 }),
    async run(context) {
      context.figure(figure);
      return { summary: {}, report: '' };
    },
  });
  const { directory } = await runScenario(
    { scenario, file: null },
    {
      ...{ preset: 'smoke', seed: 1, overrides: [], engine: 'reference', blas: 'auto', rules: 'plain' },
      ...{ runs, checkpointEvery: 1, quiet: true, signal: new AbortController().signal },
    },
  );
  expect(JSON.parse(fs.readFileSync(path.join(directory, 'plots', 'a-line.json'), 'utf8'))).toEqual(figure);
});
