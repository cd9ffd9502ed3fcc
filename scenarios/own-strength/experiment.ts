import type { z } from 'zod';
import { InputError } from '../../src/core/errors';
import type { Batch } from '../../src/data/batch';
import { threadsFor } from '../../src/engine/worker-limit';
import { taskPlan } from '../../src/learning/run-task';
import { simulate } from '../../src/learning/simulator';
import type { Network } from '../../src/network/network';
import { diagnoseLearning, metaLearn } from '../../src/run/meta-learn';
import type { RunContext } from '../../src/run/run-context';
import { defineScenario, type Scenario } from '../../src/run/scenario/scenario';
import { checkSynapseIndex, metaOptimizerFrom, ruleFrom } from '../../src/run/scenario/settings';
import { firstValuesOf, namesIn } from '../../src/run/scenario/synapse-settings';
import { rulePaths } from '../../src/run/trust/setting-paths';
import { complexSynapse, type SynapseModel } from '../../src/synapse/model';
import { splitTask } from '../../src/tasks/split-task';
import { checkPoints, errorAgainstExact } from './exact-checks';
import { strengthFigure } from './figure';
import { emptyHistory } from './history';
import { lossAt } from './loss-at';
import { oneLambdaForAll } from './one-lambda';
import { strengthReport, strengthSummary } from './report';
import { type SharedSettings, strengthOf, strengthSchema } from './schema';

/** A data set, whole. */
export interface Samples {
  readonly batch: Batch;
  readonly targets: 'values' | 'classes';
  /** What is to be told of it. */
  readonly notes: readonly string[];
  /** What it is known by again when a run is gone on with; null for data that come with metaplast. */
  readonly checksum: string | null;
}

/** One data set whose synapses learn, each for itself, how strongly they are drawn. */
export interface Experiment<S extends z.ZodRawShape> {
  readonly name: string;
  question(strength: string): string;
  /** What is learned, in words. */
  subject(settings: z.output<z.ZodObject<S>>): string;
  /** Settings of its own. */
  readonly settings: S;
  readonly presets: Scenario['presets'];
  samples(settings: z.output<z.ZodObject<S>>): Samples;
  network(settings: z.output<z.ZodObject<S>>, samples: Samples, synapse: SynapseModel): Network;
}

/**
 * The scenario of such an experiment: split three ways, learned again after each change of the strengths, judged by data that nothing has seen, beside one
 * strength for all.
 */
export function ownStrength<S extends z.ZodRawShape>(
  experiment: Experiment<S>,
  synapse: SynapseModel = complexSynapse,
): Scenario {
  const { name, presets } = experiment;
  const strength = strengthOf(synapse, name);
  const schema = strengthSchema(experiment.settings, synapse, strength);
  type Own = z.output<z.ZodObject<S>>;
  type Settings = SharedSettings & Own;
  type Surroundings = Pick<
    RunContext<Settings>,
    'config' | 'seed' | 'random' | 'engine' | 'workers' | 'rules'
  >;
  const networkOf = (settings: Settings, samples: Samples) => experiment.network(settings, samples, synapse);

  /** What a configuration describes, before its first meta-step: the simulation, its test data, and what may be advised about it. */
  const learningOf = ({ config, seed, random, engine, workers, rules }: Surroundings) => {
    const { heldOut, test, start, stride, metaSteps } = config;
    const samples = experiment.samples(config);
    const { batch, targets } = samples;
    const task = splitTask(batch, { name, heldOut, test, targets, stream: random.stream('split') });
    const simulation = simulate({
      ...{ network: networkOf(config, samples), task, rule: ruleFrom(config) },
      meta: {
        optimizer: metaOptimizerFrom(config.meta),
        learn: namesIn(config.learn),
        logarithmic: namesIn(config.logarithmic),
      },
      initial: firstValuesOf(config.synapse),
      ...{ start, stride, seed, engine, rules, workers: threadsFor(engine, workers) },
      // Of every meta-step, `metaLearn` does.
      warn: () => {},
    });
    const paths = { ...rulePaths(), strength: `synapse.${strength}`, metaRate: 'meta.rate' };
    const settings = { schema, config, paths, rule: ruleFrom };
    const learning = { label: name, simulation, settings, metaSteps, measuresLast: true };
    return { learning, test: task.test, samples };
  };

  const scenario: Scenario = defineScenario({
    name,
    question: experiment.question(strength),
    config: schema as unknown as z.ZodObject,
    takesCredit: true,
    presets,
    schedule(given) {
      const settings = given as Settings;
      checkSynapseIndex('watch', settings.watch, networkOf(settings, experiment.samples(settings)).size);
      // One task more than there are meta-steps: the last one measures what the last strengths are worth.
      return { plan: taskPlan(ruleFrom(settings), settings.stride), tasks: settings.metaSteps + 1 };
    },

    async run(given) {
      const context = given as unknown as RunContext<Settings>;
      const { config: settings, rules, metric, record, figure } = context;
      const { learning, test, samples } = learningOf(context);
      const { simulation } = learning;
      const { checksum } = samples;
      for (const note of samples.notes) context.warn(note);
      const checks = checkPoints(settings.exactChecks, settings.metaSteps);
      const { fast } = synapse;
      record(simulation, 'synapses', { variables: [fast, strength], synapses: 'all', at: 'phase-end' });
      record(simulation, 'watched', { variables: [fast], synapses: [settings.watch], at: 'step' });
      record(simulation, 'meta-updates', {
        variables: [strength],
        // Of a large network an account of all synapses would be larger than all other traces.
        synapses: simulation.population.size <= 1000 ? 'all' : [settings.watch],
        at: 'meta-update',
        account: true,
      });
      const word = simulation.network.loss.kind === 'mse' ? 'mse' : 'cross entropy';
      const learned = await metaLearn(context, {
        ...learning,
        history: { ...emptyHistory(), checksum },
        async note(history, { index, isLast, result, slow }) {
          if (history.checksum !== checksum) throw changedData(experiment.subject(settings));
          const { equilibria, loss, phases } = result;
          const tested = test && (await lossAt(simulation, equilibria.get(0)!, test));
          const exact = checks.has(index)
            ? await errorAgainstExact(simulation, slow, result, strength)
            : undefined;
          history.train.push(loss.train);
          history.heldOut.push(loss.heldOut);
          if (tested !== null) history.test.push(tested.loss);
          if (tested !== null && tested.accuracy !== null) history.accuracy.push(tested.accuracy);
          history.residuals.push(Math.max(...phases.map(({ residual }) => residual)));
          history.strength.push(slow[strength]!);
          if (index === 0 || isLast) history.phases.push([...equilibria.values()].slice(0, 2));
          if (exact !== undefined) history.checks.push({ metaStep: index, ...exact });
          const residuals = Object.fromEntries(phases.map(({ beta, residual }) => [beta, residual]));
          metric({ metaStep: index, ...loss, test: tested === null ? null : tested.loss, residuals, exact });
          return `held-out ${word} ${loss.heldOut.toFixed(4)}`;
        },
      });
      const oneLambda = await oneLambdaForAll(context, simulation, test, strength);
      const facts = {
        ...learned,
        name,
        oneLambda,
        settings: settings as SharedSettings,
        strength,
        population: simulation.population,
        rules: rules.report,
        subject: experiment.subject(settings),
        word,
      };
      figure(strengthFigure(facts));
      return { summary: strengthSummary(facts), report: strengthReport(facts) };
    },

    async diagnose(given) {
      const context = given as unknown as Surroundings;
      const { learning, samples } = learningOf(context);
      const [saved] = given.parts as readonly [{ history: { checksum: string | null } }];
      if (saved.history.checksum !== samples.checksum) throw changedData(experiment.subject(context.config));
      return diagnoseLearning(given, learning, saved);
    },
    withSynapse: (other) => ownStrength(experiment, other),
  });
  return scenario;
}

function changedData(subject: string): InputError {
  return new InputError({
    what: `The data are not those that the run began with: ${subject}`,
    advice: 'Put the file back as it was, or start the run anew',
  });
}
