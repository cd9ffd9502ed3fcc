import { z } from 'zod';
import type { RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { RandomStreams } from '../core/random';
import { aFunction, isSchema, made, validate } from '../core/validate';
import type { EpisodeSource } from '../data/episode-source';
import { tellsClasses } from '../learning/course-of-loss';
import { gradientsOf } from '../learning/meta-learner';
import { checkReleasable } from '../learning/prepare-session';
import type { StreamLearnerState } from '../learning/stream-learner';
import { type Network, networkSchema } from '../network/network';
import type { Figure } from '../plot/figure';
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
import { byCredit, engineBy, type MethodByCredit } from './by-credit';
import type { FewShotFacts, FewShotResult } from './facts';
import { failureOf, failureOfRun } from './failure';
import { fewShotFigures } from './figures';
import { type JudgeStreamOptions, judgeStream } from './judge-stream';
import type { Stand, TaskJudge } from './judge-tasks';
import { allMethods, methodsNamed } from './methods/all-methods';
import { learnedBetweenTasks } from './methods/learned-between-tasks';
import { type Method, methodSchema } from './methods/method';
import { fewShotReport, fewShotSummary } from './report';
import { learnerOf, runMethod, tasksToJudgeBy, watchedSynapses } from './run-method';
import type { StreamHistory } from './run-stream';
import { madeByScenario, withParts } from './scenario-parts';
import { type FewShotSettings, fewShotSchema, sharedSettings } from './settings';
import { TaskSet } from './task-set';

/** A scenario over a stream of tasks, as its file describes it. */
export interface FewShotDescription<S extends z.ZodRawShape> {
  /** Kebab-case, as the file is named. */
  readonly name: string;
  /** The question that it answers, as one sentence. */
  readonly question: string;
  /** Settings of its own, each with a default and a description. */
  readonly settings?: S;
  /**
   * Where its tasks come from.
   * @param seed Of the run; 0 where its schedule alone is asked for.
   */
  source(settings: z.output<z.ZodObject<S>>, seed: number): EpisodeSource;
  /** Where the unseen tasks come from, where that is another source: held-out classes of a data set. */
  unseen?(settings: z.output<z.ZodObject<S>>, seed: number): EpisodeSource;
  /**
   * Where tasks for validation come from, where there are such: by them, and not by unseen tasks, it is decided what of a stream was best. Then curves are of
   * these tasks, and unseen ones are looked at once, at the end.
   */
  validation?(settings: z.output<z.ZodObject<S>>, seed: number): EpisodeSource;
  /**
   * Looks whether what its tasks are made of is there, before a run begins.
   * @throws InputError where it is not.
   */
  check?(settings: z.output<z.ZodObject<S>>): void;
  /** Makes ready what takes long, before the first task is drawn; called again by each process of a run. */
  open?(settings: z.output<z.ZodObject<S>>, about: Pick<RunContext, 'say' | 'signal'>): Promise<void>;
  /** The settings of one method, where some that methods share (`meta`, `synapse`) differ for it. Default: those of all. */
  forMethod?(
    method: string,
    settings: z.output<z.ZodObject<S>> & FewShotSettings,
  ): z.output<z.ZodObject<S>> & FewShotSettings;
  /** Numbers of inner steps after which a method is judged, ascending. Default: `unseen.steps`. */
  judgedAfter?(method: string, settings: z.output<z.ZodObject<S>> & FewShotSettings): readonly number[];
  /** Whether the meta-gradients of the contrastive rule are judged at the end of a run. Default: they are. */
  judgesTrust?(settings: z.output<z.ZodObject<S>>): boolean;
  /** Sees more of a method that has lived through the stream, before it is closed; its figures are drawn at once. */
  look?(seen: SeenMethod<z.output<z.ZodObject<S>> & FewShotSettings>): Promise<readonly Figure[]>;
  /** More lines of the report. */
  reportMore?(facts: FewShotFacts, settings: z.output<z.ZodObject<S>> & FewShotSettings): readonly string[];
  /**
   * The network of synapses with slow variables. Whoever runs the scenario may give it other synapses (`--synapse ./my-synapse.ts`), which
   * are handed over here; a network that takes no notice of them has its own.
   */
  network(settings: z.output<z.ZodObject<S>>, synapse: SynapseModel): Network;
  /** The network that learns by modulation, where there is one. */
  modulated?(settings: z.output<z.ZodObject<S>>): Network;
  /** Methods of its own, beside those that come with metaplast: `--method` and `all` take them, tables and figures show them. */
  readonly methods?: readonly Method[];
  /** Whether sources of credit are what it compares: then reports call each by its words, even one alone. Default: not. */
  readonly comparesCredit?: boolean;
  /** What each size changes. */
  readonly presets?: Scenario['presets'];
}

/** A method that has lived through its stream. */
export interface SeenMethod<Settings = FewShotSettings> {
  readonly settings: Settings;
  readonly method: Method;
  readonly network: Network;
  readonly history: StreamHistory;
  /** What unseen tasks are judged by. */
  readonly stand: Stand;
  readonly unseen: TaskSet;
  readonly judge: TaskJudge;
  readonly signal: AbortSignal;
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
  validation: aFunction().optional(),
  check: aFunction().optional(),
  open: aFunction().optional(),
  forMethod: aFunction().optional(),
  judgedAfter: aFunction().optional(),
  judgesTrust: aFunction().optional(),
  look: aFunction().optional(),
  reportMore: aFunction().optional(),
  network: aFunction(),
  modulated: aFunction().optional(),
  methods: z.array(methodSchema).optional(),
  comparesCredit: z.boolean().optional(),
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
  const schemaOfAll = fewShotSchema(synapse, methods, given.validation !== undefined);
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
    sharesTasks: true,
    presets,
    schedule: (settings) => scheduleOf(description, settings as FewShotSettings),
    ...(given.check === undefined ? {} : { prepare: (settings) => given.check!(settings as never) }),
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
  source(settings: FewShotSettings, seed: number): EpisodeSource;
  unseen?(settings: FewShotSettings, seed: number): EpisodeSource;
  validation?(settings: FewShotSettings, seed: number): EpisodeSource;
  open?(settings: FewShotSettings, about: Pick<RunContext, 'say' | 'signal'>): Promise<void>;
  forMethod?(method: string, settings: FewShotSettings): FewShotSettings;
  judgedAfter?(method: string, settings: FewShotSettings): readonly number[];
  judgesTrust?(settings: FewShotSettings): boolean;
  look?(seen: SeenMethod): Promise<readonly Figure[]>;
  reportMore?(facts: FewShotFacts, settings: FewShotSettings): readonly string[];
  network(settings: FewShotSettings, synapse: SynapseModel): Network;
  modulated?(settings: FewShotSettings): Network;
  readonly synapse: SynapseModel;
  readonly methods: readonly Method[];
  readonly comparesCredit?: boolean;
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
  description.source(settings, 0);
  const chosen = methodsNamed(settings.method, description.methods);
  for (const method of chosen) {
    const own = description.forMethod?.(method.name, settings) ?? settings;
    const network = networkOf(description, method, own);
    watchedSynapses(network, method, own);
    checkFits(method, network, own);
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
  const { config: settings, seed, signal } = context;
  const { schema, look, reportMore } = description;
  await description.open?.(settings, context);
  const { unseen, validation } = await tasksToBeJudgedBy(description, context, context.warn);
  const isTrustJudged = description.judgesTrust?.(settings) ?? true;
  const results: FewShotResult[] = [];
  for (const learned of learnedBy(description, settings)) {
    const { method, credit, label, summary } = learned;
    const plan = planOf(method, settings);
    const made = networkOf(description, method, settings);
    const network = madeByScenario(made, 'networkOf', [scenario, method.name, settings]);
    const source = description.source(settings, seed);
    const steps = description.judgedAfter?.(method.name, settings) ?? settings.unseen.steps;
    const own = description.forMethod?.(method.name, settings) ?? settings;
    const kept = network.credit.kind;
    if (credit === 'backprop' && kept !== 'backprop') {
      context.warn(
        `${label}: the network has a source of credit of its own, "${kept}", and learns by that; credit=backprop leaves it as it is`,
      );
    }
    const named = { ...method, name: label, summary };
    const ran = await runMethod({
      ...{
        scenario,
        method,
        label,
        engine: engineBy(context.engine, credit, seed),
        settings: own,
        network,
        source,
        unseen,
        validation,
        steps,
        plan,
        schema,
        isTrustJudged,
        context,
      },
      async look(judge, history, stand) {
        const seen = { settings, method: named, network, history, stand, unseen, judge, signal };
        for (const figure of (await look?.(seen)) ?? []) context.figure(figure);
      },
    });
    results.push({ method: named, ...ran, plan, seconds: context.seconds(label) });
  }
  const first = networkOf(description, methodsNamed(settings.method, description.methods)[0]!, settings);
  const facts: FewShotFacts = {
    name: description.name,
    settings,
    results,
    unseen: unseen.count,
    validation: validation?.count ?? null,
    rules: context.rules.report,
    loss: lossInWords(first),
    tellsClasses: tellsClasses(first),
  };
  const shown = results.filter((result) => failureOf(result, facts) === null);
  if (shown.length > 0) {
    for (const figure of fewShotFigures({ ...facts, results: shown })) context.figure(figure);
  }
  const report = [...(reportMore?.(facts, settings) ?? []), fewShotReport(facts)].join('\n');
  return { summary: fewShotSummary(facts), report, failure: failureOfRun(facts) };
}

/** What is learned by: each method, by each source of credit. */
function learnedBy(
  { methods, comparesCredit = false }: Description,
  { method, credit }: FewShotSettings,
): readonly MethodByCredit[] {
  return byCredit(methodsNamed(method, methods), credit, comparesCredit);
}

function lossInWords({ loss }: Network): string {
  return loss.kind === 'mse' ? 'mean squared error' : loss.kind;
}

/** The tasks that methods are judged by, the same in each run of a seed; and those for validation, where there are such. */
async function tasksToBeJudgedBy(
  description: Description,
  { config: settings, seed }: Pick<RunContext<FewShotSettings>, 'config' | 'seed'>,
  warn: (line: string) => void,
): Promise<{ unseen: TaskSet; validation: TaskSet | null }> {
  const streams = new RandomStreams(seed);
  const open = (kind: 'unseen' | 'validation', source: EpisodeSource, count: number) =>
    TaskSet.open({ kind, source, count, warn, random: streams.stream(kind) });
  const source = (description.unseen ?? description.source).call(description, settings, seed);
  const unseen = await open('unseen', source, settings.unseen.tasks);
  if (description.validation === undefined) return { unseen, validation: null };
  const { tasks } = settings.validation as { tasks: number };
  return { unseen, validation: await open('validation', description.validation(settings, seed), tasks) };
}

/** The meta-gradient of each method that learns by the contrastive rule and has begun, on the first unseen task. */
async function diagnose(
  description: Description,
  context: DiagnoseContext<FewShotSettings>,
  scenario: Scenario,
): Promise<Diagnosis[]> {
  const { config: settings, parts, seed, signal } = context;
  // The run itself has told of these, and of tasks left out.
  const quiet = (): void => {};
  await description.open?.(settings, { say: quiet, signal });
  const { unseen } = await tasksToBeJudgedBy(description, context, quiet);
  const tasks = await unseen.first(tasksToJudgeBy);
  const diagnoses: Diagnosis[] = [];
  const chosen = learnedBy(description, settings);
  for (const [i, { method, credit, label }] of chosen.slice(0, parts.length).entries()) {
    const { learner: state } = parts[i] as { learner: StreamLearnerState };
    const network = networkOf(description, method, settings);
    const { schema } = description;
    const source = description.source(settings, seed);
    const config = description.forMethod?.(method.name, settings) ?? settings;
    const { rules, workers } = context;
    const engine = engineBy(context.engine, credit, seed);
    const surroundings = { config, engine, rules, seed, signal, workers };
    const { synapses, learned } = learnerOf({ scenario, method, network, source }, surroundings, quiet);
    const begin = synapses.save();
    const trust = await judgeStream({
      ...{ method, network, learned, state, begin, tasks, schema, context: surroundings },
    });
    if (trust !== null) diagnoses.push({ label: `${label}, on the first unseen task`, trust });
  }
  return diagnoses;
}
