import { permutedMnistMlp } from '../../models/permuted-mnist-mlp';
import { DivergenceError, InputError, UnstableNeuronsError } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import { sizeOf } from '../../src/core/shape';
import type { RunContext } from '../../src/run/run-context';
import type { Topology } from '../../src/synapse/topology';
import type { Chunk, SequentialMethod } from './methods/method';
import type { PermutedSettings } from './schema';
import { SequentialNetwork } from './sequential-network';
import type { PermutedTasks } from './tasks';

/** What was seen of a method with one seed. */
interface MethodHistory {
  /** [after task t][task k <= t] */
  accuracy: number[][];
  /** By variable: [chunks][watched synapses]. */
  courses: Record<string, number[][]>;
  /** Why it has come to nothing; null where it has not. */
  failure: string | null;
}

export interface MethodRun {
  readonly method: SequentialMethod;
  readonly seed: number;
  readonly label: string;
  readonly history: MethodHistory;
  /** Synapses whose course is kept, and what figures call them. */
  readonly watched: readonly number[];
  readonly names: readonly string[];
  readonly chunksPerTask: number;
  readonly synapses: number;
}

export interface MethodRunOptions {
  readonly method: SequentialMethod;
  readonly seed: number;
  readonly settings: PermutedSettings;
  readonly tasks: PermutedTasks;
  readonly checksum: string;
  readonly context: Pick<RunContext, 'engine' | 'rules' | 'repeat' | 'metric' | 'warn' | 'record'>;
}

/** Lets a method learn task after task, and judges it by all tasks so far behind each of them. */
export async function runMethod(options: MethodRunOptions): Promise<MethodRun> {
  const { method, seed, settings, tasks, checksum, context } = options;
  const label = `${method.name}, seed ${seed}`;
  const synapse = method.synapse(settings);
  const network = new SequentialNetwork({
    network: permutedMnistMlp(synapse, settings.hidden),
    engine: context.engine,
    rules: context.rules,
    buffers: method.buffers,
    initial: method.initial,
    seed,
    stride: settings.chunk,
  });
  const watched = watchedSynapses(network.population.topology, settings.watched, seed);
  const learning = method.begin({ settings, network, tasks, rules: context.rules, seed });
  const minibatches = tasks.minibatches(method.replays);
  const chunksPerTask = Math.ceil(minibatches / settings.chunk);
  const chunkOf = (i: number): Chunk => {
    const number = i % chunksPerTask;
    const first = number * settings.chunk;
    const count = Math.min(settings.chunk, minibatches - first);
    return { task: Math.floor(i / chunksPerTask), number, first, count };
  };
  recordNetwork(options, network, watched);
  let history: MethodHistory = {
    accuracy: [],
    courses: Object.fromEntries(method.shown.map((variable) => [variable, []])),
    failure: null,
  };

  const judge = async (task: number): Promise<void> => {
    const row: number[] = [];
    const weights = network.values[method.judgedAt ?? network.fast]!;
    for (let seen = 0; seen <= task; seen++)
      row.push(await network.accuracy(weights.slice(), tasks.judges(seen)));
    history.accuracy.push(row);
    context.metric({ method: method.name, seed, task, accuracy: row });
  };

  const learn = async (chunk: Chunk): Promise<void> => {
    const { task, number, first, count } = chunk;
    for (let i = 0; i < count; i++) {
      network.moment = { task: `permutation ${task}`, step: first + i };
      await learning.step(tasks.minibatch(task, first + i, method.replays), i, chunk);
    }
    await network.fetch();
    await learning.endChunk?.(chunk);
    if (number === chunksPerTask - 1) {
      await learning.endTask?.(task);
      network.taskEnded(task);
      await judge(task);
    }
    for (const variable of method.shown)
      history.courses[variable]!.push(watched.map((synapse) => network.values[variable]![synapse]!));
  };

  try {
    await context.repeat({
      label,
      total: settings.tasks * chunksPerTask,
      async step(i) {
        if (history.failure !== null) return 'failed';
        const chunk = chunkOf(i);
        try {
          await learn(chunk);
        } catch (error) {
          if (!(error instanceof DivergenceError || error instanceof UnstableNeuronsError)) throw error;
          history.failure = error.message;
          context.warn(`${label}: ${history.failure}`);
          return 'failed';
        }
        const last = history.accuracy.at(-1);
        return (
          last && `after task ${last.length}: ${last.map((share) => (100 * share).toFixed(0)).join(' ')} %`
        );
      },
      save: () => ({ network: network.save(), history, checksum }),
      restore(state) {
        const saved = state as {
          network: Record<string, Float64Array>;
          history: MethodHistory;
          checksum: string;
        };
        if (saved.checksum !== checksum) throw changedImages();
        network.restore(saved.network);
        history = saved.history;
      },
    });
    const synapses = network.population.size;
    const names = watched.map((synapse) => nameOf(network.population.topology, synapse));
    return { method, seed, label, history, watched, names, chunksPerTask, synapses };
  } finally {
    await network.close();
  }
}

const changedImages = (): InputError =>
  new InputError({
    what: 'The images are not those that the run began with: mnist train, mnist test',
    advice: 'Put the files back as they were, or start the run anew',
  });

/** Such as `2: 17 → 4`. Every other layer has synapses. */
function nameOf(topology: Topology, synapse: number): string {
  const { layer, from, to } = topology.connection(synapse);
  return `${layer / 2 + 1}: ${from ?? 'bias'} → ${to}`;
}

/** Those that are asked for; else three of each layer's weights, drawn. @throws InputError where there is no such synapse. */
function watchedSynapses({ blocks = [], size }: Topology, asked: readonly number[], seed: number): number[] {
  for (const got of asked) {
    if (got < size) continue;
    throw new InputError({ what: 'There is no such synapse to watch', got, legal: `0 to ${size - 1}` });
  }
  if (asked.length > 0) return [...asked];
  const stream = new RandomStreams(seed).stream('watched synapses');
  const weights = blocks.filter(({ parameter }) => parameter === 'weight');
  return weights.flatMap(({ first, shape }) => {
    const count = sizeOf(shape);
    return Array.from(stream.permutation(count).subarray(0, 3), (i) => first + i);
  });
}

/** What the watched synapses were at the end of each task, as a trace of its own. */
function recordNetwork(
  { method, seed, settings, context }: MethodRunOptions,
  network: SequentialNetwork,
  synapses: readonly number[],
): void {
  const { fast, meta } = network.population.model;
  const probe = { variables: [fast, ...meta], synapses, at: 'meta-update' } as const;
  const plan = { phases: [{ beta: 0, steps: 1 }], stride: settings.chunk };
  context.record(network, `${method.name}-seed-${seed}`, probe, { plan, tasks: settings.tasks });
}
