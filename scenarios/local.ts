import { z } from 'zod';
import { sinusoidMlp } from '../models/sinusoid-mlp';
import { runAsScript } from '../src/cli/run-as-script';
import { sinusoids } from '../src/data/sinusoid';
import { fewShotScenario } from '../src/few-shot/few-shot-scenario';
import { smallerInputs } from './local/smaller-inputs';

const phase = (steps: number) => ({ rate: 0.005, momentum: 0.9, steps });

/** What every size has: eight sinusoids a meta-step, phases of Nesterov's momentum, symmetric nudging. */
const shared = {
  credit: 'backprop,dual,equilibrium,feedback-alignment,direct-feedback',
  batch: 8,
  meta: { rate: 0.003 },
  contrastive: { estimator: 'symmetric', beta: 0.1, free: phase(50), nudged: phase(30) },
};

/** Sinusoids learned without a backward pass: every synapse sees its own two neurons, every slow variable its own synapse. */
export default fewShotScenario({
  name: 'local',
  question: 'Do synapses learn to learn where neurons settle, and nothing is propagated backwards?',
  settings: {
    hidden: z
      .int()
      .min(1)
      .max(400)
      .default(40)
      .describe('tanh units in each of the two hidden layers, 1 to 400'),
    support: z.int().min(1).default(10).describe('training points a task, 1 or more'),
    query: z.int().min(1).default(10).describe('held-out points a task, 1 or more'),
    scale: z.number().positive().default(5).describe('what inputs, from -5 to 5, are divided by; above 0'),
    trust: z
      .boolean()
      .default(true)
      .describe(
        'whether the meta-gradient of each is judged at the end, which takes longer the longer neurons take to settle',
      ),
  },
  judgesTrust: ({ trust }) => trust,
  source: ({ support, query, scale }) => smallerInputs(sinusoids({ support, query }), scale),
  network: ({ hidden }, synapse) =>
    sinusoidMlp(hidden, synapse, { activation: 'tanh', initialiser: 'kaiming-uniform' }),
  comparesCredit: true,
  presets: {
    smoke: {
      ...shared,
      metaSteps: 4,
      trust: false,
      unseen: { tasks: 10, steps: [0, 10, 50], every: 2 },
    },
    cpu: { ...shared, metaSteps: 200, unseen: { tasks: 100, steps: [0, 1, 10, 50], every: 20 } },
    paper: { ...shared, metaSteps: 1000, unseen: { tasks: 400, steps: [0, 1, 10, 50], every: 50 } },
  },
});
runAsScript(module);
