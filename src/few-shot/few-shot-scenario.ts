import { z } from 'zod';
import type { RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { RandomStreams } from '../core/random';
import type { EpisodeSource } from '../data/episode-source';
import type { StreamLearnerState } from '../learning/stream-learner';
import type { Network } from '../network/network';
import type { RunContext } from '../run/run-context';
import {
  type DiagnoseContext,
  type Diagnosis,
  defineScenario,
  type Outcome,
  type Scenario,
} from '../run/scenario/scenario';
import { type Episode, TaskStream } from '../tasks/task-stream';
import { fewShotFigures } from './figures';
import { judgeStream } from './judge-stream';
import { methods, methodsNamed } from './methods/all-methods';
import type { Method } from './methods/method';
import { type FewShotResult, fewShotReport, fewShotSummary } from './report';
import { runMethod, watchedSynapses } from './run-method';
import { drawUnseen } from './run-stream';
import { type FewShotSettings, fewShotSchema } from './settings';

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
  /** The network of complex synapses. */
  network(settings: z.output<z.ZodObject<S>>): Network;
  /** The network that learns by modulation, where there is one. */
  modulated?(settings: z.output<z.ZodObject<S>>): Network;
  /** What each size changes. */
  readonly presets?: Scenario['presets'];
}

const standardPresets: Scenario['presets'] = {
  smoke: { metaSteps: 20, unseen: { tasks: 20, every: 10 } },
  cpu: {},
  paper: { metaSteps: 20000, unseen: { tasks: 600, every: 1000 } },
};

/**
 * A scenario in which synapses live through a stream of tasks: by the contrastive rule, or by any of the methods that it
 * is compared with, on the same tasks. What its file adds is where tasks come from, and a network.
 */
export function fewShotScenario<S extends z.ZodRawShape = Record<never, never>>(
  given: FewShotDescription<S>,
): Scenario {
  const description = given as unknown as Description;
  const { name, question, presets = standardPresets } = given;
  return defineScenario({
    name,
    question,
    config: z.strictObject({ ...given.settings, ...fewShotSchema.shape }) as z.ZodObject,
    presets,
    schedule: (settings) => scheduleOf(description, settings as FewShotSettings),
    run: (context) => run(description, context as RunContext<FewShotSettings>),
    diagnose: (context) => diagnose(description, context as DiagnoseContext<FewShotSettings>),
  });
}

/** The same, where the settings of its own are not known by type. */
interface Description {
  readonly name: string;
  source(settings: FewShotSettings): EpisodeSource;
  unseen?(settings: FewShotSettings): EpisodeSource;
  network(settings: FewShotSettings): Network;
  modulated?(settings: FewShotSettings): Network;
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
  const chosen = methodsNamed(settings.method);
  for (const method of chosen) watchedSynapses(networkOf(description, method, settings), method, settings);
  return planOf(chosen[0]!, settings);
}

function planOf(method: Method, settings: FewShotSettings): RunPlan {
  const { metaSteps, batch, stride } = settings;
  return { plan: method.plan(settings[method.name], stride), tasks: metaSteps * batch, batch };
}

function networkOf(description: Description, method: Method, settings: FewShotSettings): Network {
  if (method.network === 'complex') return description.network(settings);
  if (description.modulated !== undefined) return description.modulated(settings);
  const legal = methods.filter(({ network }) => network === 'complex').map(({ name }) => name);
  throw new InputError({
    what: `Scenario "${description.name}" has no network that learns by modulation`,
    got: method.name,
    legal: legal.join(', '),
    advice: 'Name methods from this list, or give the scenario such a network as `modulated`',
  });
}

async function run(description: Description, context: RunContext<FewShotSettings>): Promise<Outcome> {
  const { config: settings } = context;
  const unseen = await unseenTasks(description, context, context.warn);
  const results: FewShotResult[] = [];
  for (const method of methodsNamed(settings.method)) {
    const plan = planOf(method, settings);
    const network = networkOf(description, method, settings);
    const source = description.source(settings);
    const { history, trust } = await runMethod({ method, network, source, unseen, plan, context });
    results.push({ method, history, trust, plan, seconds: context.seconds(method.name) });
  }
  const facts = {
    name: description.name,
    settings,
    results,
    unseen: unseen.length,
    rules: context.rules.report,
    loss: lossInWords(networkOf(description, results[0]!.method, settings)),
  };
  for (const figure of fewShotFigures(facts)) context.figure(figure);
  return { summary: fewShotSummary(facts), report: fewShotReport(facts) };
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
): Promise<Diagnosis[]> {
  const { config: settings, parts } = context;
  const [task] = await unseenTasks(description, context, () => {}); // the run itself has told of those left out
  const diagnoses: Diagnosis[] = [];
  for (const [i, method] of methodsNamed(settings.method).slice(0, parts.length).entries()) {
    const { learner: state } = parts[i] as { learner: StreamLearnerState };
    const network = networkOf(description, method, settings);
    const trust = await judgeStream({ method, network, state, task: task!, context });
    if (trust !== null) diagnoses.push({ label: `${method.name}, on the first unseen task`, trust });
  }
  return diagnoses;
}
