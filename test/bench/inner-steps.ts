import { bostonMlp } from '../../models/boston-mlp';
import { lenet5 } from '../../models/lenet5';
import { omniglotConv4 } from '../../models/omniglot-conv4';
import { RandomStream } from '../../src/core/random';
import { sizeOf } from '../../src/core/shape';
import type { Batch } from '../../src/data/batch';
import type { Engine, Session } from '../../src/engine/engine';
import { nesterov } from '../../src/learning/optimizers';
import { dense } from '../../src/network/layers/dense';
import { relu } from '../../src/network/layers/relu';
import { crossEntropy } from '../../src/network/loss';
import { defineNetwork, initialParameters, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { type PeerStep, stepGradient } from './peer-step';

/**
 * The rule of each work, and of the peer's. So slow that a network stays as it was drawn: thousands of faster steps let lambda pull a deep
 * one (16 layers) to where its gradients are denormal numbers, which processors may take longer for.
 */
export const rule = { rate: 1e-6, momentum: 0.9 };
export const inner = nesterov(rule);

/** Of all synapses; their omega is 0. */
const lambda = 0.1;

/** One inner step (forward, loss and penalty, backward, Nesterov) on one network and one batch, or in a nudged phase on two. */
export interface Work {
  readonly name: string;
  readonly title: string;
  readonly shapes: string;
  readonly network: Network;
  readonly samples: number;
  /** In a nudged phase: how many held-out samples are replayed, and how strongly. */
  readonly replay?: { readonly samples: number; readonly beta: number };
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
    ...{ network: mnist, samples: 500, goal: { wasm: 0.9, system: 1.3 } },
  },
  {
    ...{ name: 'lenet-free', title: 'LeNet-5, free step', shapes: '50 images, 3x32x32' },
    ...{ network: lenet5(), samples: 50, goal: { wasm: 1.5, system: 2 } },
  },
  {
    ...{ name: 'lenet-nudged', title: 'LeNet-5, nudged step', shapes: '50 + 950 images, 3x32x32' },
    ...{ network: lenet5(), samples: 50, replay: { samples: 950, beta: 3 }, goal: { wasm: 1, system: 1.5 } },
  },
  {
    ...{ name: 'conv4-few', title: 'conv4-64, few samples', shapes: '5 images, 1x28x28' },
    ...{ network: omniglotConv4(), samples: 5, goal: { wasm: 1.2, system: 3 } },
  },
  {
    ...{ name: 'conv4-many', title: 'conv4-64, large batch', shapes: '75 images, 1x28x28' },
    ...{ network: omniglotConv4(), samples: 75, goal: { wasm: 0.9, system: 1.5 } },
  },
];

export function randomBatch(
  { inputShape, outputShape, loss }: Network,
  samples: number,
  name: 'bench' | 'bench replay' = 'bench',
): Batch {
  const stream = new RandomStream(name, 'seed');
  const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
  const [inputs, outputs] = [sizeOf(inputShape), sizeOf(outputShape)];
  const classes = loss.targets === 'classes';
  const y = classes
    ? Float64Array.from({ length: samples }, () => stream.integer(outputs))
    : normals(samples * outputs);
  return { samples, inputs, targets: classes ? 1 : outputs, x: normals(samples * inputs), y };
}

/** The step of a work, with its numbers. */
export function stepOf({ network, samples, replay }: Pick<Work, 'network' | 'samples' | 'replay'>): PeerStep {
  return {
    network,
    ...{ lambda, inner: { ...rule, beta: replay?.beta ?? 0 } },
    train: randomBatch(network, samples),
    replay: replay === undefined ? null : randomBatch(network, replay.samples, 'bench replay'),
    phi: initialParameters(network, new RandomStream('init', 'seed')).fast,
  };
}

/** A work that is open on an engine, warm. */
export interface OpenWork {
  /** Takes some steps that are not measured, and some; gives how long one of these takes. */
  milliseconds(steps: number, before?: number): Promise<number>;
  close(): Promise<void>;
}

/** The gradient of a step, by an engine. */
export async function gradientOf(step: PeerStep, engine: Engine): Promise<Float64Array> {
  const session = await engine.open(step.network);
  await write(session, step);
  const gradient = await stepGradient(session, step);
  await session.close();
  return gradient;
}

/** Opens an inner step on an engine, by one thread or by several, and takes it until it is warm. */
export async function openWork(
  work: Pick<Work, 'network' | 'samples' | 'replay'>,
  engine: Engine,
  threads = 1,
): Promise<OpenWork> {
  const alone = threads === 1;
  const step = stepOf(work);
  const session = alone
    ? await engine.open(step.network)
    : (await engine.openSideBySide!(step.network, 1, { helpers: threads - 1 }))[0]!;
  await write(session, step);
  const { train, replay } = step;
  const { beta } = step.inner;
  const settle = (steps: number) =>
    session.settle({ inner, beta, steps, stepsTaken: 0, train, replay, tolerance: 0 });
  // WebAssembly is first compiled in haste, and again, well, once it has run for a while.
  for (const begin = performance.now(); performance.now() - begin < 500; ) await settle(3);
  return {
    async milliseconds(steps, before = 0) {
      if (before > 0) await settle(before);
      const begin = performance.now();
      await settle(steps);
      return (performance.now() - begin) / steps;
    },
    close: () => session.close(),
  };
}

async function write(session: Session, { network, phi, lambda: value }: PeerStep): Promise<void> {
  await session.write('phi', phi);
  await session.write('lambda', new Float64Array(network.size).fill(value));
}
