import { z } from 'zod';
import { chainSynapse } from '../models/chain-synapse';
import { runAsScript } from '../src/cli/run-as-script';
import { distinct } from '../src/core/validate';
import { taskPlan } from '../src/learning/run-task';
import { defineScenario } from '../src/run/scenario/scenario';
import { type Forgetting, lawOf } from './cascade/forgetting';
import { Pair, writingRule } from './cascade/pair';
import { cascadeFigure, cascadeReport, cascadeSummary } from './cascade/report';

const config = z.strictObject({
  lengths: distinct(z.array(z.int().min(1).max(16)).min(1))
    .default([1, 2, 4, 8])
    .describe('slow variables in each chain that is compared, 1 to 16'),
  memories: z.int().min(4).default(1000).describe('memories that are written one after the other, 4 or more'),
  synapses: z.int().min(2).max(10_000).default(40).describe('synapses that hold them, 2 to 10000'),
  ratio: z
    .number()
    .gt(1)
    .default(2)
    .describe("what a variable's capacity grows by, and the coupling behind it falls by; above 1"),
  coupling: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.125)
    .describe('the coupling of the first two variables, per memory; above 0 and below 0.5'),
  fitFrom: z.int().min(1).default(8).describe('the age from which on the law of forgetting is read off'),
  beta: z.number().positive().default(0.1).describe('nudging strength, above 0'),
  steps: z.int().min(1).default(8).describe('steps of each phase'),
  metaRate: z
    .number()
    .positive()
    .default(1e-5)
    .describe('learning rate of u_1; so small that writing a memory takes next to nothing from those before'),
});

/** Benna and Fusi (2016): why a synapse might have many slow variables. */
export default defineScenario({
  name: 'cascade',
  question: 'How long does a memory last in synapses with one slow variable, and with a chain of them?',
  // A signal is the difference of two runs, and falls by many powers of ten.
  engine: 'reference',
  rules: 'plain',
  config,
  presets: { smoke: { memories: 120, lengths: [1, 4], synapses: 10 }, cpu: {}, paper: { memories: 10_000 } },
  schedule(settings) {
    const rule = writingRule(settings, 0.5);
    return { plan: taskPlan(rule, settings.steps), tasks: 2 * settings.memories * settings.lengths.length };
  },

  async run(context) {
    const { config: settings, repeat, record, metric, figure } = context;
    const { lengths, memories, synapses, ratio, coupling } = settings;
    const courses: Forgetting[] = [];
    for (const length of lengths) {
      const synapse = chainSynapse({ length, ratio, coupling });
      const pair = new Pair(synapse, context);
      const label = `chain of ${length}`;
      let seen = { signal: [] as number[], spread: [] as number[] };
      record(
        pair.first,
        `chain-${length}`,
        { variables: synapse.meta, synapses: [0], at: 'meta-update' },
        { ...this.schedule(settings), tasks: memories },
      );
      try {
        await repeat({
          label,
          total: memories,
          async step(age) {
            const { signal, spread } = await pair.write(age);
            seen = { signal: [...seen.signal, signal], spread: [...seen.spread, spread] };
            metric({ length, age, signal, spread });
            return `signal ${(signal / seen.signal[0]!).toPrecision(3)}`;
          },
          save: () => ({ ...pair.save(), ...seen }),
          restore(state) {
            const { signal, spread, ...learners } = state as ReturnType<Pair['save']> & typeof seen;
            seen = { signal, spread };
            pair.restore(learners);
          },
        });
      } finally {
        await pair.close();
      }
      const [first] = seen.signal;
      const relative = (values: readonly number[]) => values.map((value) => value / first!);
      courses.push({ length, signal: relative(seen.signal), spread: relative(seen.spread) });
    }
    const laws = courses.map((course) => lawOf(course, settings.fitFrom));
    const facts = { courses, laws, memories, synapses };
    figure(cascadeFigure(facts));
    return { summary: cascadeSummary(facts), report: cascadeReport(facts) };
  },
});
runAsScript(module);
