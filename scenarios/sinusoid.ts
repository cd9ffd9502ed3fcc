import { z } from 'zod';
import { modulatedSinusoidMlp, sinusoidMlp } from '../models/sinusoid-mlp';
import { runAsScript } from '../src/cli/run-as-script';
import { sinusoids } from '../src/data/sinusoid';
import { fewShotScenario } from '../src/few-shot/few-shot-scenario';

/** Sinusoid regression (Finn et al. 2017): ten points of a sinusoid, and the rest is to be guessed. */
export default fewShotScenario({
  name: 'sinusoid',
  question: 'Do synapses that have lived through many sinusoids learn a new one from ten points?',
  settings: {
    hidden: z.int().min(1).max(400).default(40).describe('units in each of the two hidden layers, 1 to 400'),
    support: z.int().min(1).default(10).describe('training points a task, 1 or more'),
    query: z.int().min(1).default(10).describe('held-out points a task, 1 or more'),
  },
  source: ({ support, query }) => sinusoids({ support, query }),
  network: ({ hidden }, synapse) => sinusoidMlp(hidden, synapse),
  modulated: ({ hidden }) => modulatedSinusoidMlp(hidden),
});
runAsScript(module);
