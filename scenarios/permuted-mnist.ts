import { runAsScript } from '../src/cli/run-as-script';
import { readMnist } from '../src/data/images/mnist';
import { defineScenario } from '../src/run/scenario/scenario';
import { permutedFigures } from './permuted-mnist/figures';
import { methodsNamed } from './permuted-mnist/methods/all-methods';
import { permutedReport } from './permuted-mnist/report';
import { type MethodRun, runMethod } from './permuted-mnist/run-method';
import { config } from './permuted-mnist/schema';
import { permutedFailure, permutedSummary } from './permuted-mnist/summary';
import { checksumOf, type Images, learnedCount, PermutedTasks } from './permuted-mnist/tasks';

const read = (): Images => ({ train: readMnist('train'), test: readMnist('test') });
/** What `prepare` has read, for the run of the same configuration. */
const prepared = new WeakMap<object, Images>();

export default defineScenario({
  name: 'permuted-mnist',
  question:
    'Which synapses still know the first of several tasks when they have learned the last: simple ones, or ones that change how plastic they are?',
  config,
  takesCredit: true,
  presets: {
    smoke: {
      ...{
        seeds: 1,
        tasks: 3,
        hidden: [12],
        minibatch: 10,
        chunk: 4,
        trainImages: 60,
        judgeImages: 50,
        heldOut: 10,
      },
      ewc: { images: 10 },
      contrastive: { steps: 2 },
    },
    cpu: {},
    // The size of Zenke et al. (2017), Fig. 4.
    paper: { tasks: 10, hidden: [2000, 2000], epochs: 20, minibatch: 256 },
  },
  schedule(settings) {
    const { epochs, minibatch, chunk, tasks, contrastive } = settings;
    const steps = epochs * Math.max(1, Math.floor(learnedCount(settings) / minibatch));
    const free = { beta: 0, steps, tolerance: 0, residualAtEnd: false };
    const nudges = methodsNamed(settings.method).some(({ name }) => name === 'contrastive');
    const nudged = { ...free, beta: contrastive.beta, steps: contrastive.steps * Math.ceil(steps / chunk) };
    return { plan: { phases: nudges ? [free, nudged] : [free], stride: chunk }, tasks };
  },
  prepare(settings) {
    const images = read();
    learnedCount(settings, images.train.count);
    prepared.set(settings, images);
  },
  async run(context) {
    const { config: settings } = context;
    const images = prepared.get(settings) ?? read();
    prepared.delete(settings);
    const checksum = checksumOf(images);
    const methods = methodsNamed(settings.method);
    const runs: MethodRun[] = [];
    for (let seed = context.seed; seed < context.seed + settings.seeds; seed++) {
      const tasks = new PermutedTasks(images, settings, seed);
      for (const method of methods)
        runs.push(await runMethod({ method, seed, settings, tasks, checksum, context }));
    }
    const { seconds, rules } = context;
    const facts = { settings, methods, runs, rules: rules.report, seconds };
    for (const figure of permutedFigures(facts)) context.figure(figure);
    return {
      summary: permutedSummary(facts),
      report: permutedReport(facts),
      failure: permutedFailure(facts),
    };
  },
});
runAsScript(module);
