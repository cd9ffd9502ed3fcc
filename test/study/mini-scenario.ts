import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../cli/command';

/**
 * Writes a scenario that takes as little as one can: it adds up random numbers, in steps of some milliseconds, from a state that is saved. It has no
 * network and no figure, and loads nothing of metaplast but what defines a scenario.
 * @param within Of each step: the text of a function's body, of its number `i` and the `context`.
 * @returns The path of its file.
 */
export function writeMiniScenario(folder: string, within = ''): string {
  const file = path.join(folder, 'mini.js');
  fs.writeFileSync(file, mini(within));
  const modules = path.join(folder, 'node_modules');
  if (!fs.existsSync(modules)) fs.symlinkSync(path.join(repository, 'node_modules'), modules);
  return file;
}

const mini = (within: string): string => `
const { z } = require('zod');
const fs = require('node:fs');
const { defineScenario } = require(${JSON.stringify(`${repository}/dist/src/run/scenario/scenario.js`)});
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
exports.default = defineScenario({
  name: 'mini', question: 'What do random numbers add up to?', engine: 'reference', rules: 'plain',
  config: z.strictObject({
    scale: z.number().min(0).default(1).describe('what each is multiplied with, 0 or more'),
    steps: z.int().min(1).default(20).describe('steps, 1 or more'),
    ms: z.int().min(0).default(5).describe('milliseconds that a step takes'),
    flag: z.boolean().nullable().default(true).describe('kept as it is'),
    word: z.string().default('').describe('kept as it is'),
    group: z.strictObject({ a: z.int().default(1).describe('a number') }).prefault({}),
  }),
  presets: { smoke: {}, cpu: {}, paper: {} },
  schedule: ({ steps }) => ({ plan: { phases: [{ beta: 0, steps: 1 }], stride: 1 }, tasks: steps }),
  async run(context) {
    const { config, random, repeat, metric } = context;
    let sum = 0;
    const stream = random.stream('mini');
    await repeat({
      label: 'mini', total: config.steps,
      async step(i) {
        await wait(config.ms);
        ${within}
        sum += config.scale * stream.normal();
        metric({ i, sum });
        return undefined;
      },
      save: () => ({ sum }),
      restore: (state) => { sum = state.sum; },
    });
    return { summary: { sum, config }, report: 'The sum is ' + sum };
  },
});
`;
