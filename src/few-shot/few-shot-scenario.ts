import { z } from 'zod';
import type { RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { RandomStreams } from '../core/random';
import { aFunction, isSchema, made, validate } from '../core/validate';
import type { EpisodeSource } from '../data/episode-source';
import { gradientsOf } from '../learning/meta-learner';
import { checkReleasable } from '../learning/prepare-session';
import type { StreamLearnerState } from '../learning/stream-learner';
import { type Network, networkSchema } from '../network/network';
import type { RunContext } from '../run/run-context';
import {
  type DiagnoseContext,
  type Diagnosis,
  defineScenario,
  type Outcome,
  type Scenario,
  scenarioName,
} from '../run/scenario/scenario';
import { complexSynapse, type SynapseModel } from '../synapse/model';
import { plainExecutor } from '../synapse/plain-executor';
import { type Episode, TaskStream } from '../tasks/task-stream';
import type { FewShotResult } from './facts';
import { failureOf, failureOfRun } from './failure';
import { fewShotFigures } from './figures';
import { type JudgeStreamOptions, judgeStream } from './judge-stream';
import { allMethods, methodsNamed } from './methods/all-methods';
import { learnedBetweenTasks } from './methods/learned-between-tasks';
import { type Method, methodSchema } from './methods/method';
import { fewShotReport, fewShotSummary } from './report';
import { learnerOf, runMethod, tasksToJudgeBy, watchedSynapses } from './run-method';
import { drawUnseen } from './run-stream';
import { madeByScenario, withParts } from './scenario-parts';
import { type FewShotSettings, fewShotSchema, sharedSettings } from './settings';

/** A scenario over a stream of tasks, as its file describes it. */
export interface FewShotDescription<S extends z.ZodRawShape> {
  /** Kebab-case, as the file is named. */
  readonly name: string;
  /** The question that it answers, as one sentence. */
  readonly question: string;
  /** Settings of its own, each with a default and a description. */
  readonly settings?: S;
  /** Where its tasks come from. */
  source(settings: z.output<z.ZodObject<S>>): EpisodeSource;
  /** Where the unseen tasks come from, where that is another source: held-out classes of a data set. */
  unseen?(settings: z.output<z.ZodObject<S>>): EpisodeSource;
  /**
   * The network of synapses with slow variables. Whoever runs the scenario may give it other synapses (`--synapse ./my-synapse.ts`), which
   * are handed over here; a network that takes no notice of them has its own.
   */
  network(settings: z.output<z.ZodObject<S>>, synapse: SynapseModel): Network;
  /** The network that learns by modulation, where there is one. */
  modulated?(settings: z.output<z.ZodObject<S>>): Network;
  /** Methods of its own, beside those that come with metaplast: `--method` and `all` take them, tables and figures show them. */
  readonly methods?: readonly Method[];
  /** What each size changes. */
  readonly presets?: Scenario['presets'];
}

const descriptionSchema = z.strictObject({
  name: scenarioName,
  question: z.string(),
  settings: made<z.ZodRawShape>(
    'an object with a schema for each setting, such as { width: z.int().default(2) }',
    (value) => typeof value === 'object' && Object.values(value as object).every(isSchema),
  ).optional(),
  source: aFunction(),
  unseen: aFunction().optional(),
  network: aFunction(),
  modulated: aFunction().optional(),
  methods: z.array(methodSchema).optional(),
  presets: z.record(z.string(), z.unknown()).optional(),
});

const standardPresets: Scenario['presets'] = {
  smoke: { metaSteps: 20, unseen: { tasks: 20, every: 10 } },
  cpu: {},
  paper: { metaSteps: 20000, unseen: { tasks: 600, every: 1000 } },
};

/**
 * A scenario in which synapses live through a stream of tasks: by the contrastive rule, or by any of the methods that it
 * is compared with, on the same tasks. What its file adds is where tasks come from, and a network.
 * @throws InputError where a part of the description is missing, unknown or not legal.
 */
export function fewShotScenario<S extends z.ZodRawShape = Record<never, never>>(
  given: FewShotDescription<S>,
): Scenario {
  validate(descriptionSchema, given, 'the description of a few-shot scenario');
  return scenarioOf(given, complexSynapse, false);
}

/** @param isAsked Whether it is to be these synapses and no others. */
function scenarioOf<S extends z.ZodRawShape>(
  given: FewShotDescription<S>,
  asked: SynapseModel,
  isAsked: boolean,
): Scenario {
  const { name, question, presets = standardPresets } = given;
  const network = given.network(
    validate(z.strictObject(given.settings ?? {}), {}, `the defaults of "${name}"`) as never,
    asked,
  );
  const { synapse } = validate(networkSchema, network, `what the network of "${name}" is`);
  if (isAsked && synapse !== asked) {
    throw new InputError({
      what: `Scenario "${name}" has synapses of its own, and takes no others`,
      got: asked.penalty,
      legal: synapse.penalty,
      advice: 'Let its `network` take them as its second argument',
    });
  }
  const methods = allMethods(given.methods ?? [], sharedSettings);
  const schemaOfAll = fewShotSchema(synapse, methods);
  checkSettings(name, Object.keys(given.settings ?? {}), Object.keys(schemaOfAll.shape));
  const config = z.strictObject({ ...given.settings, ...schemaOfAll.shape }) as z.ZodObject;
  const schema = config as unknown as Description['schema'];
  const description: Description = {
    ...(given as unknown as Omit<Description, 'schema' | 'synapse' | 'methods'>),
    schema,
    synapse,
    methods,
  };
  const scenario: Scenario = defineScenario({
    name,
    question,
    config,
    presets,
    schedule: (settings) => scheduleOf(description, settings as FewShotSettings),
    run: (context) => run(description, context as RunContext<FewShotSettings>, scenario),
    diagnose: (context) => diagnose(description, context as DiagnoseContext<FewShotSettings>, scenario),
    withSynapse: (other) => scenarioOf(given, other, true),
    withMethods: (more) => {
      const added = validate(z.array(methodSchema), more, `the methods that are added to "${name}"`);
      return scenarioOf({ ...given, methods: [...(given.methods ?? []), ...added] }, asked, isAsked);
    },
  });
  const methodOf = (word: string): Method => methods.find((method) => method.name === word)!;
  return withParts(scenario, {
    network: (method, settings) => networkOf(description, methodOf(method), settings),
    learner: (method, settings, surroundings) => methodOf(method).make(settings[method], surroundings),
  });
}

/** @throws InputError where a setting of the scenario's own has a name that stands for something already. */
function checkSettings(scenario: string, own: readonly string[], taken: readonly string[]): void {
  for (const got of own) {
    if (!taken.includes(got)) continue;
    throw new InputError({
      what: `Scenario "${scenario}" has a setting whose name is taken`,
      got,
      legal: `none of ${taken.join(', ')}`,
    });
  }
}

/** The same, where the settings of its own are not known by type. */
interface Description {
  readonly name: string;
  readonly schema: JudgeStreamOptions['schema'];
  source(settings: FewShotSettings): EpisodeSource;
  unseen?(settings: FewShotSettings): EpisodeSource;
  network(settings: FewShotSettings, synapse: SynapseModel): Network;
  modulated?(settings: FewShotSettings): Network;
  readonly synapse: SynapseModel;
  readonly methods: readonly Method[];
}

/** The course of the first method that is asked for; each method's own is told when it begins. */
function scheduleOf(description: Description, settings: FewShotSettings): RunPlan {
  const { steps } = settings.unseen;
  if (steps.some((count, i) => i > 0 && count <= steps[i - 1]!)) {
    throw new InputError({
      what: 'unseen.steps does not ascend',
      got: steps,
      legal: 'whole numbers, each larger than the one before',
    });
  }
  description.source(settings);
  const chosen = methodsNamed(settings.method, description.methods);
  for (const method of chosen) {
    const network = networkOf(description, method, settings);
    watchedSynapses(network, method, settings);
    checkFits(method, network, settings);
  }
  return planOf(chosen[0]!, settings);
}

/** @throws InputError where a method cannot learn with a synapse, or nothing of what is to learn. */
function checkFits(method: Method, network: Network, settings: FewShotSettings): void {
  const { stride } = settings;
  const learner = method.make(settings[method.name], { network, rules: plainExecutor(), stride });
  if (!learner.regularised) checkReleasable(method.name, network.synapse);
  const given = gradientsOf(learner, network);
  const isScratch = Array.isArray(learner.learns) && learner.learns.length === 0;
  if (isScratch || learnedBetweenTasks(method, learner, network, settings).length > 0) return;
  throw new InputError({
    what: `Method "${method.name}" gives no gradient for any variable that is to learn`,
    got: `learn=${settings.learn}`,
    legal: given.join(', ') || 'none, since this synapse declares no anchor, which that method learns',
    advice: given.length > 0 ? `Let it learn: --set learn=${given.join(',')}` : 'Leave the method out',
  });
}

function planOf(method: Method, settings: FewShotSettings): RunPlan {
  const { metaSteps, batch, stride } = settings;
  return { plan: method.plan(settings[method.name], stride), tasks: metaSteps * batch, batch };
}

function networkOf(description: Description, method: Method, settings: FewShotSettings): Network {
  if (method.network === 'complex') return description.network(settings, description.synapse);
  if (description.modulated !== undefined) return description.modulated(settings);
  const legal = description.methods.filter(({ network }) => network === 'complex').map(({ name }) => name);
  throw new InputError({
    what: `Scenario "${description.name}" has no network that learns by modulation`,
    got: method.name,
    legal: legal.join(', '),
    advice: 'Name methods from this list, or give the scenario such a network as `modulated`',
  });
}

async function run(
  description: Description,
  context: RunContext<FewShotSettings>,
  scenario: Scenario,
): Promise<Outcome> {
  const { config: settings } = context;
  const unseen = await unseenTasks(description, context, context.warn);
  const results: FewShotResult[] = [];
  for (const method of methodsNamed(settings.method, description.methods)) {
    const plan = planOf(method, settings);
    const made = networkOf(description, method, settings);
    const network = madeByScenario(made, 'networkOf', [scenario, method.name, settings]);
    const source = description.source(settings);
    const { schema } = description;
    const ran = await runMethod({ scenario, method, network, source, unseen, plan, schema, context });
    results.push({ method, ...ran, plan, seconds: context.seconds(method.name) });
  }
  const facts = {
    name: description.name,
    settings,
    results,
    unseen: unseen.length,
    rules: context.rules.report,
    loss: lossInWords(networkOf(description, results[0]!.method, settings)),
  };
  const shown = results.filter((result) => failureOf(result, facts) === null);
  if (shown.length > 0) {
    for (const figure of fewShotFigures({ ...facts, results: shown })) context.figure(figure);
  }
  return { summary: fewShotSummary(facts), report: fewShotReport(facts), failure: failureOfRun(facts) };
}

function lossInWords({ loss }: Network): string {
  return loss.kind === 'mse' ? 'mean squared error' : loss.kind;
}

/** The tasks that methods are judged by, the same in each run of a seed. */
function unseenTasks(
  description: Description,
  { config: settings, seed }: Pick<RunContext<FewShotSettings>, 'config' | 'seed'>,
  warn: (line: string) => void,
): Promise<Episode[]> {
  const source = (description.unseen ?? description.source)(settings);
  const stream = new TaskStream({ source, random: new RandomStreams(seed).stream('unseen') });
  return drawUnseen(stream, settings.unseen.tasks, warn);
}

/** The meta-gradient of each method that learns by the contrastive rule and has begun, on the first unseen task. */
async function diagnose(
  description: Description,
  context: DiagnoseContext<FewShotSettings>,
  scenario: Scenario,
): Promise<Diagnosis[]> {
  const { config: settings, parts } = context;
  // The run itself has told of those left out.
  const tasks = (await unseenTasks(description, context, () => {})).slice(0, tasksToJudgeBy);
  const diagnoses: Diagnosis[] = [];
  const chosen = methodsNamed(settings.method, description.methods);
  for (const [i, method] of chosen.slice(0, parts.length).entries()) {
    const { learner: state } = parts[i] as { learner: StreamLearnerState };
    const network = networkOf(description, method, settings);
    const { schema } = description;
    const { synapses, learned } = learnerOf(
      { scenario, method, network, source: description.source(settings) },
      context,
      () => {},
    );
    const begin = synapses.save();
    const trust = await judgeStream({ method, network, learned, state, begin, tasks, schema, context });
    if (trust !== null) diagnoses.push({ label: `${method.name}, on the first unseen task`, trust });
  }
  return diagnoses;
}
