import type { RunPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import { RandomStreams } from '../core/random';
import type { EpisodeSource } from '../data/episode-source';
import { StreamLearner } from '../learning/stream-learner';
import type { Network } from '../network/network';
import { neuronsOf } from '../network/neuron';
import type { RunContext } from '../run/run-context';
import { metaOptimizerFrom } from '../run/scenario/settings';
import { Population } from '../synapse/population';
import { type Episode, TaskStream } from '../tasks/task-stream';
import type { Trust } from '../theory/trust/trust';
import { judgeStream } from './judge-stream';
import { learnedBetweenTasks } from './methods/learned-between-tasks';
import type { Method } from './methods/method';
import { runStream, type StreamHistory } from './run-stream';
import type { FewShotSettings } from './settings';

/** Skipped tasks of one method that are told one by one; later ones are only counted, so that no list grows for ever. */
const mostTold = 10;

export interface MethodRunOptions {
  readonly method: Method;
  readonly network: Network;
  readonly source: EpisodeSource;
  readonly unseen: readonly Episode[];
  readonly plan: RunPlan;
  readonly context: RunContext<FewShotSettings>;
}

/** What one method came to. */
export interface MethodRun {
  readonly history: StreamHistory;
  /** Its meta-gradient on the first unseen task, judged at the end; null for a method that is not the contrastive rule. */
  readonly trust: Trust | null;
}

/** Lets one method live through the stream. Every method draws the same tasks, and starts from the same random weights. */
export async function runMethod(options: MethodRunOptions): Promise<MethodRun> {
  const { method, network, source, unseen, plan, context } = options;
  const { config: settings, seed, engine, rules, workers } = context;
  const { metaSteps, batch, stride, strict, lambda } = settings;
  const complex = method.network === 'complex';
  const learner = method.make(settings[method.name], { network, rules, stride });
  const wanted = learnedBetweenTasks(method, settings);
  const synapses: StreamLearner = new StreamLearner({
    network,
    learner,
    stream: new TaskStream({ source, random: new RandomStreams(seed).stream('tasks') }),
    meta: {
      optimizer: metaOptimizerFrom(settings.meta),
      learn: wanted.filter((variable) => learner.learns.includes(variable)),
    },
    ...{ batch, engine, rules, seed, strict, workers: batch === 1 ? workers : Math.min(workers, batch) },
    initial: complex ? { lambda: lambda.initial } : {},
    warn(line) {
      const told = synapses.skipped;
      if (told <= mostTold) context.warn(`${method.name}: ${line}`);
      if (told === mostTold) context.warn(`${method.name}: further skipped tasks are only counted`);
    },
  });
  const watched = watchedSynapses(network, method, settings);
  if (complex && learner.learns.length > 0) {
    const probe = { variables: ['omega', 'lambda'], synapses: watched, at: 'meta-update' } as const;
    context.record(synapses, `${method.name}-between-tasks`, probe, plan);
  }
  if (learner.stride !== undefined) {
    const probe = { variables: [network.synapse.fast], synapses: watched, at: 'step' } as const;
    context.record(synapses, `${method.name}-inside-tasks`, probe, plan);
  }
  try {
    const history = await runStream(context, {
      label: method.name,
      learner: synapses,
      // A method that learns nothing between tasks needs none.
      metaSteps: learner.learns.length === 0 ? 0 : metaSteps,
      batch,
      unseen,
      steps: settings.unseen.steps,
      every: settings.unseen.every,
    });
    const state = synapses.save();
    return { history, trust: await judgeStream({ method, network, state, task: unseen[0]!, context }) };
  } finally {
    await synapses.close();
  }
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
