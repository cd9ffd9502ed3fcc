import { bostonMlp } from '../models/boston-mlp';
import { runAsScript } from '../src/cli/run-as-script';
import { boston } from '../src/data/boston';
import { taskPlan } from '../src/learning/run-task';
import { simulate } from '../src/learning/simulator';
import { diagnoseLearning, metaLearn } from '../src/run/meta-learn';
import type { RunContext } from '../src/run/run-context';
import { defineScenario, type Scenario } from '../src/run/scenario/scenario';
import { checkSynapseIndex, metaOptimizerFrom, ruleFrom } from '../src/run/scenario/settings';
import { firstValuesOf, namesIn } from '../src/run/scenario/synapse-settings';
import { rulePaths } from '../src/run/trust/setting-paths';
import { complexSynapse, type SynapseModel } from '../src/synapse/model';
import { splitTask } from '../src/tasks/split-task';
import { checkPoints, errorAgainstExact } from './boston/exact-checks';
import { bostonFigure } from './boston/figure';
import { emptyHistory } from './boston/history';
import { lossAt } from './boston/loss-at';
import { oneLambdaForAll } from './boston/one-lambda';
import { bostonReport, bostonSummary } from './boston/report';
import { type BostonSettings, bostonSchema, strengthOf } from './boston/schema';

const bostonWith = (synapse: SynapseModel): Scenario<ReturnType<typeof bostonSchema>> =>
  defineScenario({
    name: 'boston',
    question: `Do synapses that meta-learn their ${strengthOf(synapse)} generalise better on Boston housing?`,
    config: bostonSchema(synapse),
    presets: {
      smoke: { metaSteps: 4, exactChecks: 1, oneLambda: [] },
      cpu: {},
      // The paper splits 70 to 30 and has no test data: it compares gradients, and does not ask about generalisation.
      paper: { metaSteps: 100, exactChecks: 10, heldOut: 0.3, test: 0 },
    },
    schedule(settings) {
      checkSynapseIndex('watch', settings.watch, bostonMlp(settings.hidden, synapse).size);
      // One task more than there are meta-steps: the last one measures what the last lambda is worth.
      return { plan: taskPlan(ruleFrom(settings), settings.stride), tasks: settings.metaSteps + 1 };
    },

    async run(context) {
      const { config: settings, rules, metric, record, figure } = context;
      const { simulation, test, strength, ...learning } = learningOf(context, synapse);
      const checks = checkPoints(settings.exactChecks, settings.metaSteps);
      record(simulation, 'synapses', {
        variables: [synapse.fast, strength],
        synapses: 'all',
        at: 'phase-end',
      });
      record(simulation, 'watched', { variables: [synapse.fast], synapses: [settings.watch], at: 'step' });
      const learned = await metaLearn(context, {
        ...{ simulation, ...learning, history: emptyHistory() },
        async note(history, { index, isLast, result, slow }) {
          const { equilibria, loss, phases } = result;
          const tested = test && (await lossAt(simulation, equilibria.get(0)!, test));
          const exact = checks.has(index)
            ? await errorAgainstExact(simulation, slow, result, strength)
            : undefined;
          history.train.push(loss.train);
          history.heldOut.push(loss.heldOut);
          if (tested !== null) history.test.push(tested);
          history.residuals.push(Math.max(...phases.map(({ residual }) => residual)));
          history.strength.push(slow[strength]!);
          if (index === 0 || isLast) history.phases.push([...equilibria.values()].slice(0, 2));
          if (exact !== undefined) history.checks.push({ metaStep: index, ...exact });
          const residuals = Object.fromEntries(phases.map(({ beta, residual }) => [beta, residual]));
          metric({ metaStep: index, ...loss, test: tested, residuals, exact });
          return `held-out mse ${loss.heldOut.toFixed(4)}`;
        },
      });
      const oneLambda = await oneLambdaForAll(context, simulation, test, strength);
      const { population } = simulation;
      const facts = { ...learned, oneLambda, settings, strength, population, rules: rules.report };
      figure(bostonFigure(facts));
      return { summary: bostonSummary(facts), report: bostonReport(facts) };
    },

    diagnose(context) {
      return diagnoseLearning(context, learningOf(context, synapse), context.parts[0]);
    },
    withSynapse: (other) => bostonWith(other) as unknown as Scenario,
  });

type Surroundings = Pick<
  RunContext<BostonSettings>,
  'config' | 'seed' | 'random' | 'engine' | 'workers' | 'rules'
>;

/** What a configuration describes, before its first meta-step: the simulation, its test data, and what may be advised about it. */
function learningOf({ config, seed, random, engine, workers, rules }: Surroundings, synapse: SynapseModel) {
  const { heldOut, test, start, stride, metaSteps } = config;
  const strength = strengthOf(synapse);
  const task = splitTask(boston(), { name: 'boston', heldOut, test, stream: random.stream('split') });
  const simulation = simulate({
    ...{ network: bostonMlp(config.hidden, synapse), task, rule: ruleFrom(config) },
    meta: {
      optimizer: metaOptimizerFrom(config.meta),
      learn: namesIn(config.learn),
      logarithmic: namesIn(config.logarithmic),
    },
    initial: firstValuesOf(config.synapse),
    ...{ start, stride, seed, engine, rules, workers },
    // Of every meta-step, `metaLearn` does.
    warn: () => {},
  });
  const paths = { ...rulePaths(), strength: `synapse.${strength}`, metaRate: 'meta.rate' };
  const settings = { schema: bostonSchema(synapse), config, paths, rule: ruleFrom };
  return { label: 'boston', simulation, test: task.test, strength, settings, metaSteps, measuresLast: true };
}

export default bostonWith(complexSynapse);
runAsScript(module);
