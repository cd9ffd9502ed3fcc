import { bostonMlp } from '../../models/boston-mlp';
import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import type { Engine } from '../../src/engine/engine';
import { nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { relu } from '../../src/network/layers/relu';
import { crossEntropy } from '../../src/network/loss';
import { defineNetwork, initialParameters, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';

/**
 * The rule of each work, and of the peer's. So slow that a network stays as it was drawn: thousands of faster steps let lambda pull a deep
 * one (16 layers) to where its gradients are denormal numbers, which processors may take longer for.
 */
export const inner = nesterov({ rate: 1e-6 });

/** One inner step (forward, loss and penalty, backward, Nesterov) on one network and one batch. */
export interface Work {
  /** As the peer calls it. */
  readonly name: string;
  readonly title: string;
  readonly shapes: string;
  readonly network: Network;
  readonly samples: number;
  /** PyTorch's time over ours that is wanted: by the bundled WebAssembly, and with a system BLAS. */
  readonly goal: { readonly wasm: number; readonly system: number };
}

const mnist = defineNetwork({
  input: [784],
  layers: [
    ...[dense(784, 256), relu(), dense(256, 256), relu(), dense(256, 256), relu()],
    ...[dense(256, 256), relu(), dense(256, 256), relu(), dense(256, 10)],
  ],
  loss: crossEntropy,
  synapse: complexSynapse,
});

export const works: readonly Work[] = [
  {
    ...{ name: 'boston', title: 'Boston inner step', shapes: '354 samples, 13-20-1' },
    ...{ network: bostonMlp(), samples: 354, goal: { wasm: 15, system: 15 } },
  },
  {
    ...{ name: 'mnist-few', title: 'MNIST MLP, few samples', shapes: '10 samples, 784-256x5-10' },
    ...{ network: mnist, samples: 10, goal: { wasm: 3, system: 4 } },
  },
  {
    ...{ name: 'mnist-many', title: 'MNIST MLP, large batch', shapes: '500 samples, 784-256x5-10' },
    ...{ network: mnist, samples: 500, goal: { wasm: 0.7, system: 1.5 } },
  },
];

export function randomBatch({ inputShape, outputShape, loss }: Network, samples: number): Batch {
  const stream = new RandomStream('bench', 'seed');
  const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
  const [inputs, outputs] = [inputShape[0]!, outputShape[0]!];
  const classes = loss.targets === 'classes';
  const y = classes
    ? Float64Array.from({ length: samples }, () => stream.integer(outputs))
    : normals(samples * outputs);
  return { samples, inputs, targets: classes ? 1 : outputs, x: normals(samples * inputs), y };
}

/** A work that is open on an engine, warm. */
export interface OpenWork {
  /** Takes some steps; gives how long one takes. */
  milliseconds(steps: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens an inner step on an engine, by one thread or by several, and takes it until it is warm. */
export async function openWork(
  { network, samples }: Pick<Work, 'network' | 'samples'>,
  engine: Engine,
  threads = 1,
): Promise<OpenWork> {
  const alone = threads === 1;
  const session = alone
    ? await engine.open(network)
    : (await engine.openSideBySide!(network, 1, { helpers: threads - 1 }))[0]!;
  const train = randomBatch(network, samples);
  await session.write('phi', initialParameters(network, new RandomStream('init', 'seed')).fast);
  await session.write('lambda', new Float64Array(network.size).fill(0.1));
  const settle = (steps: number) =>
    session.settle({ inner, beta: 0, steps, stepsTaken: 0, train, replay: null, tolerance: 0 });
  // WebAssembly is first compiled in haste, and again, well, once it has run for a while.
  for (const begin = performance.now(); performance.now() - begin < 500; ) await settle(3);
  return {
    async milliseconds(steps) {
      const begin = performance.now();
      await settle(steps);
      return (performance.now() - begin) / steps;
    },
    close: () => session.close(),
  };
}
