import type { RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { RandomStreams } from '../core/random';
import type { EpisodeSource } from '../data/episode-source';
import type { Engine } from '../engine/engine';
import { threadsFor } from '../engine/worker-limit';
import { StreamLearner } from '../learning/stream-learner';
import type { StreamLearnerOptions } from '../learning/stream-learner-options';
import type { Network } from '../network/network';
import { neuronsOf } from '../network/neuron';
import type { RunContext } from '../run/run-context';
import type { Scenario } from '../run/scenario/scenario';
import { streamMetaFrom } from '../run/scenario/settings';
import { firstValuesOf } from '../run/scenario/synapse-settings';
import { stillWarning } from '../run/trust/still-variables';
import { Population } from '../synapse/population';
import { TaskStream } from '../tasks/task-stream';
import type { Judged } from '../theory/trust/judge';
import type { Probe } from '../trace/probe';
import { type JudgeStreamOptions, judgeStream } from './judge-stream';
import { type Stand, TaskJudge, type TaskJudgeOptions } from './judge-tasks';
import { learnedBetweenTasks } from './methods/learned-between-tasks';
import type { Method } from './methods/method';
import { runStream, type StreamHistory, standOf } from './run-stream';
import { filesOf, madeByScenario } from './scenario-parts';
import type { FewShotSettings } from './settings';
import type { TaskSet } from './task-set';

/** Skipped tasks of one method that are told one by one; later ones are only counted, so that no list grows for ever. */
const mostTold = 10;

/** Unseen tasks that the meta-gradient is judged by: the first, and on more than one what is advised about it. */
export const tasksToJudgeBy = 3;

/** One method on a scenario's stream. */
export interface StreamMethod {
  readonly scenario: Scenario;
  readonly method: Method;
  readonly network: Network;
  readonly source: EpisodeSource;
}

export interface MethodRunOptions extends StreamMethod {
  /** What reports, progress and traces call it. */
  readonly label: string;
  /** The run's engine, with the source of credit that it learns by. */
  readonly engine: Engine;
  /** Of the scenario, as they are for this method. */
  readonly settings: FewShotSettings;
  readonly unseen: TaskSet;
  readonly validation: TaskSet | null;
  /** Numbers of inner steps after which it is judged, ascending. */
  readonly steps: readonly number[];
  /** Whether its meta-gradient is judged at the end. */
  readonly isTrustJudged: boolean;
  /** Sees more of what it has come to, before it is closed. */
  readonly look?: (judge: TaskJudge, history: StreamHistory, stand: Stand) => Promise<void>;
  readonly plan: RunPlan;
  /** The scenario's schema. */
  readonly schema: JudgeStreamOptions['schema'];
  readonly context: RunContext<FewShotSettings>;
}

/** What one method came to. */
export interface MethodRun {
  readonly history: StreamHistory;
  /** Its meta-gradient on the first unseen task, judged at the end; null for a method that is not the contrastive rule. */
  readonly trust: Judged | null;
  /** Variables that were to learn and never moved, since their gradient was exactly 0 in each meta-step. */
  readonly still: readonly string[];
}

/** Lets one method live through the stream. Every method draws the same tasks, and starts from the same random weights. */
export async function runMethod(options: MethodRunOptions): Promise<MethodRun> {
  const { method, label, engine, network, unseen, validation, steps, plan, schema, context } = options;
  // Names of files.
  const trace = label.replace(/[^a-zA-Z0-9_-]+/g, '-');
  const { settings } = options;
  const { metaSteps, batch } = settings;
  const { rules, seed, signal, workers, host } = context;
  const surroundings = { config: settings, engine, rules, seed, signal, workers, host };
  const skips = { first: null as string | null };
  const { synapses, learner, learned } = learnerOf(options, surroundings, (line, about) => {
    // No part of the run's warnings: its bytes do not depend on how many workers there are.
    if (about === 'workers') return context.say(`${label}: ${line}`);
    skips.first ??= line;
    const told = synapses.skipped;
    if (told <= mostTold) context.warn(`${label}: ${line}`);
    if (told === mostTold) context.warn(`${label}: further skipped tasks are only counted`);
  });
  const begin = synapses.save();
  const watched = watchedSynapses(network, method, settings);
  if (method.network === 'complex' && learned.length > 0) {
    const variables = network.synapse.meta;
    const probe = { variables, synapses: watched, at: 'meta-update', account: true } as const;
    context.record(synapses, `${trace}-between-tasks`, probe, plan);
  }
  if (learner.stride !== undefined) {
    const probe = { variables: [network.synapse.fast], synapses: watched, at: 'step' } as const;
    context.record(synapses, `${trace}-inside-tasks`, probe, plan);
    const ends = { ...probe, at: 'phase-end' } as const;
    context.record(synapses, `${trace}-phase-ends`, ends, plan);
    if (method.network === 'modulated')
      context.record(synapses, `${trace}-neurons`, neuronProbe(network, plan), plan);
  }
  const elsewhere: TaskJudgeOptions['elsewhere'] = (tasks, values, own) =>
    synapses.judgeElsewhere(tasks, steps, values, own);
  const judge = new TaskJudge({
    ...{ network, learner, engine, steps },
    workers: threadsFor(engine, workers),
    ...(host === undefined ? {} : { elsewhere }),
  });
  try {
    const history = await runStream(context, {
      label,
      learner: synapses,
      // A method that learns nothing between tasks needs none.
      metaSteps: learned.length === 0 ? 0 : metaSteps,
      batch,
      ...{ unseen, validation, judge, steps },
      every: settings.unseen.every,
      skips,
      watched: network.synapse.anchor === null ? [] : watched,
    });
    const state = synapses.save();
    const tasks = options.isTrustJudged ? await unseen.first(tasksToJudgeBy) : [];
    await options.look?.(judge, history, history.best ?? standOf(synapses));
    const trust = await judgeStream({
      method,
      network,
      learned,
      state,
      begin,
      tasks,
      schema,
      context: surroundings,
    });
    const still = history.learned === 0 ? [] : learned.filter((name) => !history.moved.includes(name));
    for (const variable of still) {
      const evidence = trust === null ? null : trust.evidence;
      context.warn(`${label}: ${stillWarning(variable, { network, slow: state.variables }, evidence)}`);
    }
    return { history, trust, still };
  } finally {
    await judge.close();
    await synapses.close();
  }
}

type Surroundings = Pick<
  RunContext<FewShotSettings>,
  'config' | 'seed' | 'engine' | 'rules' | 'workers' | 'host'
>;

/** The synapses of a method, as they are before the stream. */
export function learnerOf(
  { scenario, method, network, source }: StreamMethod,
  { config: settings, seed, engine, rules, workers, host }: Surroundings,
  warn: NonNullable<StreamLearnerOptions['warn']>,
) {
  const { batch, stride, strict, metaSteps } = settings;
  const surroundings = { network, rules, stride };
  const made = method.make(settings[method.name], surroundings);
  const learner = madeByScenario(made, 'learnerOf', [scenario, method.name, settings, surroundings]);
  const learned = learnedBetweenTasks(method, learner, network, settings);
  const synapses: StreamLearner = new StreamLearner({
    network,
    learner,
    stream: new TaskStream({ source, random: new RandomStreams(seed).stream('tasks') }),
    meta: { ...streamMetaFrom(settings.meta, metaSteps), learn: learned },
    ...{ batch, engine, rules, seed, strict, files: filesOf(scenario) },
    ...(host === undefined ? {} : { host }),
    workers: batch === 1 ? threadsFor(engine, workers) : Math.min(workers, batch),
    initial: method.network === 'complex' ? firstValuesOf(settings.synapse) : {},
    warn,
  });
  return { synapses, learner, learned };
}

/** Gain and threshold of every neuron at the ends of free phases, of some 1,000 tasks over the stream. */
function neuronProbe(network: Network, { tasks }: RunPlan): Probe {
  const neurons = neuronsOf(network, new Population(network.synapse, network.topology));
  const synapses = neurons.flatMap(({ gainIndex, thresholdIndex }) => [gainIndex, thresholdIndex]);
  const every = Math.ceil(tasks / 1000);
  return { variables: [network.synapse.fast], synapses, at: 'phase-end', phase: 0, every };
}

/**
 * The indices of what is recorded: the synapses watched, or gain and threshold of the neurons watched.
 * @throws InputError where there is no such synapse or neuron.
 */
export function watchedSynapses(
  network: Network,
  { network: kind }: Method,
  { watch }: Pick<FewShotSettings, 'watch'>,
): readonly number[] {
  const neurons =
    kind === 'modulated' ? neuronsOf(network, new Population(network.synapse, network.topology)) : null;
  const size = neurons?.length ?? network.size;
  for (const index of watch) {
    if (index < size) continue;
    const what = `watch names no ${neurons === null ? 'synapse' : 'neuron'} of this network`;
    throw new InputError({ what, got: index, legal: `0 to ${size - 1}` });
  }
  if (neurons === null) return watch;
  return watch.flatMap((index) => [neurons[index]!.gainIndex, neurons[index]!.thresholdIndex]);
}
