import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../cli/command';

/** What a tiny scenario does beside learning; as the text of a function's body, of a step's number `i`. */
export interface TinyOptions {
  /** Before each step. */
  readonly before?: string;
  /** After its learning. */
  readonly within?: string;
  /** Which metaplast it loads, from the repository on. */
  readonly library?: string;
}

/**
 * Writes a scenario of three files into a folder: one synapse that learns three times in a few steps each, with two traces, metrics, a
 * warning and a figure, and that can be diagnosed.
 * @returns The path of its own file.
 */
export function writeTinyScenario(folder: string, options: TinyOptions = {}): string {
  const { before = '', within = '', library = 'src/index.ts' } = options;
  fs.mkdirSync(path.join(folder, 'parts'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'parts/targets.json'), '{ "train": 1, "heldOut": -1 }\n');
  fs.writeFileSync(
    path.join(folder, 'parts/targets.js'),
    `const { train, heldOut } = require('./targets.json');\nexports.targets = { train, heldOut };\n`,
  );
  const file = path.join(folder, 'tiny.js');
  fs.writeFileSync(file, tiny(before, within, `${repository}/${library}`));
  return file;
}

const tiny = (before: string, within: string, library: string) => `
const { z } = require('zod');
const m = require(${JSON.stringify(library)});
const { targets } = require('./parts/targets');
const batch = (y) => ({ samples: 1, inputs: 1, targets: 1, x: Float64Array.of(1), y: Float64Array.of(y) });
const phase = ({ rate }) => ({ optimizer: m.sgd({ rate }), steps: 4 });
const ruleOf = (config) => m.contrastive({ estimator: m.forward(config.beta), free: phase(config), nudged: phase(config) });
const simulationOf = ({ config, engine, rules }) => m.simulate({
  network: m.defineNetwork({ input: [1], layers: [m.dense(1, 1)], loss: m.mse, synapse: m.complexSynapse }),
  task: m.makeTask({ name: 'tiny', train: batch(targets.train), heldOut: batch(targets.heldOut) }),
  rule: ruleOf(config), meta: { optimizer: m.sgd({ rate: 0.1 }) }, initial: { lambda: 20 }, stride: 2, engine, rules, warn: () => {},
});
exports.default = m.defineScenario({
  name: 'tiny', question: 'Is it whole?',
  config: z.strictObject({
    rate: z.number().positive().default(0.047).describe('learning rate'),
    beta: z.number().default(0.1).describe('nudging strength'),
    metaSteps: z.int().min(1).default(3).describe('meta-steps'),
  }),
  presets: { smoke: {}, cpu: {}, paper: {} },
  schedule: ({ metaSteps }) => ({ plan: { phases: [{ beta: 0, steps: 4 }, { beta: 0.1, steps: 4 }], stride: 2 }, tasks: metaSteps }),
  async run(context) {
    const { config, record, repeat, signal, metric, warn, figure } = context;
    const simulation = simulationOf(context);
    const losses = [];
    record(simulation, 'chunks', { variables: ['phi'], synapses: 'all', at: 'step' });
    record(simulation, 'ends', { variables: ['lambda', 'omega'], synapses: [1], at: 'phase-end' });
    warn('it is tiny');
    await repeat({
      label: 'tiny', total: config.metaSteps,
      async step(i) {
        ${before}
        const { loss } = await simulation.metaStep(signal);
        losses.push(loss.heldOut);
        metric({ i, loss: loss.heldOut });
        ${within}
        return 'loss ' + loss.train;
      },
      save: () => ({ simulation: simulation.save(), losses }),
      restore: (state) => { simulation.restore(state.simulation); losses.splice(0, losses.length, ...state.losses); },
    });
    await simulation.close();
    figure({
      name: 'loss', title: 'Loss', caption: 'Of a tiny run.',
      panels: [{
        x: { label: 'meta-step', scale: 'linear' }, y: { label: 'loss', scale: 'linear' },
        series: [{ label: 'held out', points: losses.map((y, x) => ({ x, y })) }],
      }],
    });
    return { summary: { losses, lambda: [...simulation.population.values('lambda')] }, report: 'last loss ' + losses.at(-1) };
  },
  async diagnose(context) {
    const simulation = simulationOf(context);
    simulation.restore(context.parts[0].simulation);
    return [{ label: 'tiny', trust: await m.judgeSimulation(simulation, { ...context, rule: ruleOf(context.config) }) }];
  },
});
`;
