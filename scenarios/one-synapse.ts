import { z } from 'zod';
import { runAsScript } from '../src/cli/run-as-script';
import { taskPlan } from '../src/learning/run-task';
import { simulate } from '../src/learning/simulator';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork } from '../src/network/network';
import { terminalChart } from '../src/plot/terminal-chart';
import { diagnoseLearning, metaLearn } from '../src/run/meta-learn';
import type { RunContext } from '../src/run/run-context';
import { defineScenario, type Scenario } from '../src/run/scenario/scenario';
import {
  estimatorSchema,
  metaOptimizerFrom,
  metaSchema,
  phaseSchema,
  ruleFrom,
} from '../src/run/scenario/settings';
import { trustLines, trustSummary } from '../src/run/trust/report-lines';
import { rulePaths } from '../src/run/trust/setting-paths';
import { type ComplexRoles, complexRoles } from '../src/synapse/complex-roles';
import { complexSynapse, type SynapseModel } from '../src/synapse/model';
import { makeTask } from '../src/tasks/task';
import { type Course, closedForm } from './one-synapse/closed-form';
import { oneSynapseFigures, type ShownTask } from './one-synapse/figures';
import { TaskWatch } from './one-synapse/watch-tasks';

const config = z.strictObject({
  trainTarget: z.number().default(1).describe('where the training data draws phi to'),
  heldOutTarget: z.number().default(-0.5).describe('where the held-out data would draw phi to'),
  phi: z.number().default(0.2).describe('fast weight at the start of each task'),
  omega: z.number().default(0).describe('slow weight at the start'),
  lambda: z.number().min(0).default(0.5).describe('strength of the pull to omega at the start, 0 or more'),
  ...estimatorSchema,
  free: phaseSchema({ rate: 0.02, steps: 400, tolerance: 1e-10 }),
  nudged: phaseSchema({ rate: 0.02, steps: 400, tolerance: 1e-10 }),
  meta: metaSchema({ rate: 0.05 }),
  metaSteps: z.int().min(1).default(40).describe('meta-steps, 1 or more'),
});

type Settings = z.output<typeof config>;

/** One number to learn: the loss is (phi - target)^2, so everything about it can be worked out by hand. */
const sample = (target: number) => ({
  samples: 1,
  inputs: 1,
  targets: 1,
  x: Float64Array.of(1),
  y: Float64Array.of(target),
});

const oneSynapse = (model: SynapseModel): Scenario => {
  const roles = complexRoles(model, 'Scenario "one-synapse", which has a closed form, takes');
  const { fast, anchor, strength } = roles;
  return defineScenario({
    name: 'one-synapse',
    question: `What happens to ${fast}, ${anchor} and ${strength} of a single synapse, in both phases and from task to task?`,
    // It is compared with a closed form, to more digits than float32 has.
    engine: 'reference',
    config,
    presets: { smoke: { metaSteps: 5 }, cpu: {}, paper: { metaSteps: 400 } },
    schedule: (settings) => ({ plan: taskPlan(ruleFrom(settings), 1), tasks: settings.metaSteps }),

    async run(context) {
      const { config: settings, metric, record, figure } = context;
      const { simulation, ...learning } = learningOf(context, model, roles);
      const synapse = simulation.synapses[0]!;
      const variables = [fast, anchor, strength];
      record(simulation, 'steps', { variables, synapses: 'all', at: 'step' });
      record(simulation, 'phase-ends', { variables, synapses: 'all', at: 'phase-end' });
      record(simulation, 'meta-updates', { variables, synapses: 'all', at: 'meta-update', account: true });

      const budget = taskPlan(ruleFrom(settings), 1).phases.reduce((sum, { steps }) => sum + steps, 0);
      const { history, trust, still } = await metaLearn(context, {
        ...{ simulation, ...learning },
        history: {
          ...{ heldOut: [] as number[], omega: [] as number[], lambda: [] as number[] },
          shown: [] as ShownTask[],
        },
        listen(history) {
          const watch = new TaskWatch(synapse, roles, settings.metaSteps, budget, () => history().shown);
          return simulation.events$.subscribe(watch.hear);
        },
        note(history, { index, slow, result: { loss, metaGradient } }) {
          history.heldOut.push(loss.heldOut);
          history.omega.push(synapse.get(anchor));
          history.lambda.push(synapse.get(strength));
          const both = (of: Readonly<Record<string, ArrayLike<number>>>) => ({
            [anchor]: of[anchor]![0],
            [strength]: of[strength]![0],
          });
          metric({ metaStep: index, heldOut: loss.heldOut, ...both(slow), gradient: both(metaGradient) });
          return `held-out mse ${loss.heldOut.toFixed(4)}`;
        },
      });
      const { shown, ...courses } = history;
      const facts = {
        names: roles,
        targets: settings,
        beta: settings.beta,
        shown,
        ...coursesOf(settings, courses),
      };
      for (const drawing of oneSynapseFigures(facts)) figure(drawing);

      const [before, after] = [history.heldOut[0]!, history.heldOut.at(-1)!];
      const [omega, lambda] = [synapse.get(anchor), synapse.get(strength)];
      return {
        summary: {
          scenario: 'one-synapse',
          metaSteps: settings.metaSteps,
          heldOut: { before, after },
          [anchor]: omega,
          [strength]: lambda,
          neverMoved: still,
          trust: trustSummary(trust),
        },
        report: [
          `One synapse, drawn to ${settings.trainTarget} by its training data and to ${settings.heldOutTarget} by what is held out.`,
          '',
          terminalChart(
            shown[0]!.phases.flatMap(({ phi }) => phi.slice(1)),
            {
              title: `${fast} in the first task: free phase to step ${shown[0]!.phases[0]!.steps.at(-1)}, then nudged (beta = ${settings.beta})`,
              across: 'inner step',
            },
          ),
          '',
          terminalChart([settings.omega, ...history.omega], {
            title: `${anchor} from task to task`,
            across: 'task',
          }),
          '',
          terminalChart([settings.lambda, ...history.lambda], {
            title: `${strength} from task to task`,
            across: 'task',
          }),
          '',
          `Held-out mse: ${before.toFixed(4)} in the first task, ${after.toFixed(4)} in the last.`,
          `The synapse learned ${anchor} = ${omega.toFixed(4)} (from ${settings.omega}) and ${strength} = ${lambda.toFixed(4)} (from ${settings.lambda}).`,
          '',
          'Can its meta-gradient be trusted?',
          ...trustLines(trust),
        ].join('\n'),
      };
    },

    diagnose(context) {
      return diagnoseLearning(context, learningOf(context, model, roles), context.parts[0]);
    },

    withSynapse: oneSynapse,
  });
};

/** What happened from task to task, and what would have with equilibria, and with gradients, worked out by hand. */
function coursesOf(
  settings: Settings,
  { heldOut, ...slow }: Record<keyof Course, readonly number[]>,
): Record<'simulated' | 'byHand' | 'exact', Course> {
  const { omega, lambda } = settings;
  const options = {
    ...{ targets: settings, start: { omega, lambda }, rule: ruleFrom(settings) },
    ...{ optimizer: metaOptimizerFrom(settings.meta), metaSteps: settings.metaSteps },
  };
  return {
    simulated: { omega: [omega, ...slow.omega], lambda: [lambda, ...slow.lambda], heldOut },
    byHand: closedForm('contrast', options),
    exact: closedForm('exact gradient', options),
  };
}

type Surroundings = Pick<RunContext<Settings>, 'config' | 'seed' | 'engine' | 'rules'>;

/** What a configuration describes, before its first meta-step: the simulation, and what may be advised about it. */
function learningOf(
  { config: settings, seed, engine, rules }: Surroundings,
  synapse: SynapseModel,
  { fast, anchor, strength }: ComplexRoles,
) {
  const simulation = simulate({
    network: defineNetwork({
      input: [1],
      layers: [dense(1, 1, { bias: false })],
      loss: mse,
      synapse,
    }),
    task: makeTask({
      name: 'one number',
      train: sample(settings.trainTarget),
      heldOut: sample(settings.heldOutTarget),
    }),
    rule: ruleFrom(settings),
    meta: { optimizer: metaOptimizerFrom(settings.meta) },
    initial: { [fast]: settings.phi, [anchor]: settings.omega, [strength]: settings.lambda },
    stride: 1,
    seed,
    engine,
    rules,
    // Of every meta-step, `metaLearn` does.
    warn: () => {},
  });
  const paths = { ...rulePaths(), strength: 'lambda', metaRate: 'meta.rate' };
  const rule = { schema: config, config: settings, paths, rule: ruleFrom };
  return { label: 'one-synapse', simulation, settings: rule, metaSteps: settings.metaSteps };
}

export default oneSynapse(complexSynapse);
runAsScript(module);
