import { z } from 'zod';
import { bostonMlp } from '../models/boston-mlp';
import { runAsScript } from '../src/cli/run-as-script';
import { NoMinimumError } from '../src/core/errors';
import { distinct } from '../src/core/validate';
import { boston } from '../src/data/boston';
import { estimatorNamed } from '../src/learning/estimators';
import { nesterov } from '../src/learning/optimizers';
import { taskPlan } from '../src/learning/run-task';
import type { RunContext } from '../src/run/run-context';
import { defineScenario, type Scenario } from '../src/run/scenario/scenario';
import { estimatorSchema, phaseFrom, phaseSchema } from '../src/run/scenario/settings';
import { type ComplexRoles, complexRoles } from '../src/synapse/complex-roles';
import { complexSynapse, type SynapseModel } from '../src/synapse/model';
import { splitTask } from '../src/tasks/split-task';
import type { Task } from '../src/tasks/task';
import { exactAtMinimum } from '../src/theory/exact-at-minimum';
import { sweepPhases, sweepRule } from '../src/theory/phase-sweep';
import { errorsOf, toySweeps } from './toy/errors';
import { toyFigures } from './toy/figures';
import { type MeasuredRegime, toyReport, toySummary } from './toy/report';

const listOf = (numbers: z.ZodNumber, standard: number[]) =>
  distinct(z.array(numbers).min(1)).default(standard);
const stepCounts = z.number().int().min(1);
const strengths = z.number().positive();

const config = z.strictObject({
  hidden: z.int().min(1).max(200).default(20).describe('hidden tanh units, 1 to 200'),
  lambda: z
    .strictObject({
      strong: z
        .number()
        .positive()
        .default(0.1)
        .describe('strength of every synapse, above 0: one with which the phases converge'),
      weak: z
        .number()
        .min(0)
        .default(0.01)
        .describe('the same, one with which phases of these lengths do not converge; 0 leaves it out'),
    })
    .prefault({}),
  estimator: estimatorSchema.estimator,
  steps: listOf(stepCounts, [200, 400, 700, 1000]).describe('steps of each phase (A, B), ascending'),
  betas: listOf(strengths, [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]).describe(
    'nudging strengths (A, B), above 0, ascending',
  ),
  allocation: z
    .strictObject({
      totals: listOf(stepCounts, [1600]).describe('steps of both phases together (C), ascending'),
      shares: listOf(z.number().gt(0).lt(1), [0.1, 0.3, 0.5, 0.7, 0.9]).describe(
        'shares of them for the free phase (C), above 0 and below 1, ascending',
      ),
      betas: listOf(strengths, [0.003, 0.03, 0.1, 0.3, 1]).describe(
        'nudging strengths (C), above 0, ascending',
      ),
    })
    .prefault({}),
  rate: z.number().positive().default(0.025).describe('learning rate of both kinds of phase, above 0'),
  momentum: z.number().min(0).lt(1).default(0.96).describe("their Nesterov's momentum, 0 to below 1"),
  minimum: phaseSchema({ rate: 0.025, momentum: 0.99, steps: 40000, tolerance: 1e-12 }),
});

type Settings = z.output<typeof config>;

const toy = (model: SynapseModel): Scenario => {
  const roles = complexRoles(model, 'Scenario "toy", which measures the gradient of lambda, takes');
  return defineScenario({
    name: 'toy',
    question:
      'How far is a contrastive estimate from the true meta-gradient, by beta and by steps in each phase?',
    // The smallest errors are below what float32 can tell.
    engine: 'reference',
    rules: 'plain',
    config,
    presets: {
      smoke: {
        // A smaller network, whose phases settle sooner: its minimum is farther from flat.
        hidden: 5,
        lambda: { weak: 0 },
        steps: [200, 650],
        betas: [0.0001, 0.001, 0.01, 0.3, 3],
        allocation: { totals: [1000], shares: [0.1, 0.5, 0.9], betas: [0.0001, 0.003, 0.3, 1] },
      },
      cpu: {},
      paper: {
        steps: [100, 200, 300, 400, 600, 800, 1000],
        betas: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
        allocation: {
          totals: [1000, 1600],
          shares: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
          betas: [0.003, 0.03, 0.1, 0.3, 1],
        },
      },
    },
    schedule(settings) {
      const sweeps = toySweeps(settings);
      const [longest] = sweeps;
      const rule = sweepRule({ ...longest!, ...learning(settings) });
      const end = "contrast of the phases' ends, per synapse, for each estimate; this is the longest task";
      return {
        plan: { ...taskPlan(rule, longest!.free), end },
        tasks: strengthsOf(settings).length * sweeps.length,
      };
    },

    async run(context) {
      const { config: settings, random, rules } = context;
      const stream = random.stream('split');
      const task = splitTask(boston(), { name: 'boston', heldOut: 0.3, stream });
      const regimes: MeasuredRegime[] = [];
      for (const lambda of strengthsOf(settings))
        regimes.push(await measure(context, task, lambda, model, roles));
      const measured = regimes.flatMap(({ lambda, minimum, errors }) =>
        minimum === null || errors.length === 0
          ? []
          : [{ lambda, smallestEigenvalue: minimum.smallestEigenvalue, errors }],
      );
      for (const figure of toyFigures({ grid: settings, regimes: measured })) context.figure(figure);
      const facts = { settings, regimes, rules: rules.report };
      return { summary: toySummary(facts), report: toyReport(facts) };
    },

    withSynapse: toy,
  });
};

const strengthsOf = ({ lambda: { strong, weak } }: Settings): number[] =>
  weak === 0 ? [strong] : [strong, weak];

/** How phases move, and how their ends are contrasted. */
function learning({ rate, momentum, estimator }: Settings) {
  return {
    optimizer: nesterov({ rate, momentum }),
    estimator: (beta: number) => estimatorNamed(estimator, beta),
  };
}

/** The minimum and the exact meta-gradient there first, then every estimate beside it. */
async function measure(
  context: RunContext<Settings>,
  task: Task,
  lambda: number,
  model: SynapseModel,
  { anchor, strength }: ComplexRoles,
): Promise<MeasuredRegime> {
  const { config: settings, seed, engine, rules, signal, warn, metric, repeat } = context;
  const sweeps = toySweeps(settings);
  const initial = { [strength]: lambda, [anchor]: 0 };
  const problem = { network: bostonMlp(settings.hidden, model), task, initial, seed, engine, signal };
  const { optimizer, estimator } = learning(settings);
  const approach = { optimizer, steps: settings.steps.at(-1)!, tolerance: 0 };
  let exact = new Float64Array();
  let regime: MeasuredRegime = { lambda, minimum: null, refused: null, errors: [], diverged: [] };

  const findMinimum = async (): Promise<string> => {
    try {
      const found = await exactAtMinimum({ ...problem, approach, search: phaseFrom(settings.minimum) });
      const { metaGradient, smallestEigenvalue, largestEigenvalue, residual, converged, steps } = found;
      exact = Float64Array.from(metaGradient[strength]!);
      regime.minimum = { smallestEigenvalue, largestEigenvalue, residual, steps };
      metric({ lambda, minimum: regime.minimum });
      if (!converged) {
        warn(
          `lambda = ${lambda}: the search for the minimum ended at a residual of ${residual.toExponential(1)} ` +
            `after ${steps} steps; raise minimum.steps, or the errors below are beside a gradient of no minimum`,
        );
      }
      return `minimum found in ${steps} steps`;
    } catch (error) {
      if (!(error instanceof NoMinimumError)) throw error;
      regime.refused = error.message;
      warn(`lambda = ${lambda}: there is no exact meta-gradient to measure by. ${error.message}`);
      return 'no minimum';
    }
  };

  await repeat({
    label: `lambda ${lambda}`,
    total: 1 + sweeps.length,
    async step(i) {
      if (i === 0) return findMinimum();
      if (regime.refused !== null) return 'no minimum';
      const { free, nudged, betas } = sweeps[i - 1]!;
      const sweep = await sweepPhases({ ...problem, rules, optimizer, estimator, free, nudged, betas });
      const errors = errorsOf(free, sweep, strength, exact);
      regime.errors.push(...errors);
      for (const error of errors) metric({ lambda, ...error });
      if (sweep.divergedAt !== null) regime.diverged.push({ free, beta: sweep.divergedAt });
      if (errors.length === 0) return `${free} free steps, every nudged phase diverged`;
      const best = Math.min(...errors.map(({ error }) => error));
      return `${free} free steps, best error ${best.toPrecision(2)}`;
    },
    save: () => ({ exact, regime }),
    restore(state) {
      const saved = state as { exact: Float64Array<ArrayBuffer>; regime: MeasuredRegime };
      ({ exact, regime } = saved);
    },
  });
  if (regime.diverged.length > 0) {
    const least = Math.min(...regime.diverged.map(({ beta }) => beta));
    warn(
      `lambda = ${lambda}: after ${regime.diverged.length} of ${sweeps.length} free phases, nudged ones diverge, from ` +
        `beta = ${least} on; there is no estimate of them`,
    );
  }
  return regime;
}

export default toy(complexSynapse);
runAsScript(module);
