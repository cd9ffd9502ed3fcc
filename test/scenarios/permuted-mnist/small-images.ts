import { permutedMnistMlp } from '../../../models/permuted-mnist-mlp';
import type { SequentialMethod } from '../../../scenarios/permuted-mnist/methods/method';
import { config } from '../../../scenarios/permuted-mnist/schema';
import { SequentialNetwork } from '../../../scenarios/permuted-mnist/sequential-network';
import { type Images, PermutedTasks } from '../../../scenarios/permuted-mnist/tasks';
import { RandomStreams } from '../../../src/core/random';
import { makeImageSet } from '../../../src/data/images/image-set';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { plainExecutor } from '../../../src/synapse/plain-executor';

/** Images of 28 x 28 pixels, drawn, with ten classes in turn. */
export function drawnImages(train: number, test: number): Images {
  const of = (name: 'train' | 'test', count: number) => {
    const stream = new RandomStreams(1).stream(name);
    return makeImageSet({
      name,
      classes: Array.from({ length: 10 }, (_, i) => `${i}`),
      shape: [1, 28, 28],
      count,
      pixels: Uint8Array.from({ length: count * 784 }, () =>
        stream.uniform() < 0.8 ? 0 : stream.integer(256),
      ),
      labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    });
  };
  return { train: of('train', train), test: of('test', test) };
}

/** A method at work on such images, in float64. */
export function atWork(method: SequentialMethod, given: object, images = drawnImages(60, 20), seed = 1) {
  const settings = config.parse({ minibatch: 5, chunk: 4, heldOut: 10, hidden: [], ...given });
  const tasks = new PermutedTasks(images, settings, seed);
  const rules = plainExecutor();
  const network = new SequentialNetwork({
    network: permutedMnistMlp(method.synapse(settings), settings.hidden),
    engine: referenceEngine,
    rules,
    buffers: method.buffers,
    initial: method.initial,
    seed,
    stride: settings.chunk,
  });
  const learning = method.begin({ settings, network, tasks, rules, seed });
  /** One chunk, as a run has it learned. */
  const learnChunk = async (task: number, number: number): Promise<void> => {
    const first = number * settings.chunk;
    const chunk = { task, number, first, count: settings.chunk };
    for (let i = 0; i < chunk.count; i++)
      await learning.step(tasks.minibatch(task, first + i, method.replays), i, chunk);
    await network.fetch();
    await learning.endChunk?.(chunk);
  };
  return { settings, tasks, network, learning, learnChunk };
}
