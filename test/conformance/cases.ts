import { RandomStream } from '../../src/core/random';
import { type Batch, makeBatch } from '../../src/data/batch';
import type { Layer } from '../../src/network/layer';
import { dense } from '../../src/network/layers/dense';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, type Loss, mse } from '../../src/network/loss';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { distanceFromKinks } from './oracle';

/** A network, a state of it, and data: everything that an engine needs to be asked anything. */
export interface Case {
  readonly network: Network;
  readonly train: Batch;
  readonly heldOut: Batch;
  readonly phi: Float64Array;
  readonly omega: Float64Array;
  readonly lambda: Float64Array;
  /** Two directions for Hessian-vector products. */
  readonly directions: readonly [Float64Array, Float64Array];
}

const stacks: Record<string, () => Layer[]> = {
  'one input': () => [dense(1, 2, { bias: false })],
  dense: () => [dense(3, 2)],
  'dense without bias': () => [dense(4, 3, { bias: false })],
  'dense-tanh-dense': () => [dense(3, 4), tanh(), dense(4, 2)],
  'dense-relu-dense': () => [dense(3, 4), relu(), dense(4, 2)],
  'two linear layers': () => [dense(3, 4, { bias: false }), dense(4, 2)],
  'tanh in front of dense': () => [tanh(), dense(3, 2)],
  'tanh behind dense': () => [dense(3, 2), tanh()],
  'tanh upon tanh': () => [dense(2, 3), tanh(), tanh(), dense(3, 2, { bias: false })],
  'a deep mixture': () => [
    ...[dense(3, 4), tanh(), dense(4, 5), relu()],
    ...[dense(5, 3, { bias: false }), tanh(), dense(3, 2)],
  ],
};

/** Single precision holds every number of a case exactly, so that no engine starts from other ones. */
const drawn = (length: number, stream: RandomStream, scale = 1): Float64Array =>
  Float64Array.from({ length }, () => Math.fround(scale * stream.normal()));

function drawnBatch(network: Network, samples: number, stream: RandomStream): Batch {
  const [inputs, outputs] = [network.inputShape[0]!, network.outputShape[0]!];
  const classes = network.loss.targets === 'classes';
  const x = drawn(samples * inputs, stream);
  const y = classes
    ? Float64Array.from({ length: samples }, () => stream.integer(outputs))
    : drawn(samples * outputs, stream);
  return makeBatch('case', { samples, inputs, targets: classes ? 1 : outputs, x, y });
}

function drawnCase(network: Network, samples: number, seed: string): Case {
  const stream = new RandomStream('case', seed);
  const { size } = network;
  return {
    network,
    train: drawnBatch(network, samples, stream),
    heldOut: drawnBatch(network, samples + 1, stream),
    phi: drawn(size, stream, 0.7),
    omega: drawn(size, stream, 0.3),
    lambda: drawn(size, stream, 0.4).map(Math.abs),
    directions: [drawn(size, stream), drawn(size, stream)],
  };
}

/** How far from 0 the input of every relu unit is kept: far more than a finite difference or a short phase moves it. */
const clearOfKinks = 0.02;

/** A case in which no relu unit is near its kink, where a derivative would mean nothing. */
function makeCase(layers: Layer[], loss: Loss, inputs: number, samples: number): Case {
  const network = defineNetwork({ input: [inputs], layers, loss, synapse: complexSynapse });
  for (let attempt = 0; attempt < 1000; attempt++) {
    const found = drawnCase(network, samples, `${attempt}`);
    const distances = [found.train, found.heldOut].map((batch) =>
      distanceFromKinks(network, batch, found.phi),
    );
    if (Math.min(...distances) > clearOfKinks) return found;
  }
  throw new Error('No case is clear of the kinks');
}

const firstInputs = (layers: readonly Layer[]): number =>
  layers.flatMap(({ parameters }) => parameters)[0]!.fanIn;

/** Each stack of layers with both losses, on one sample and on several. */
export const cases: readonly (readonly [name: string, of: Case])[] = Object.entries(stacks).flatMap(
  ([name, stack]) =>
    [mse, crossEntropy].flatMap((loss) =>
      [1, 5].map((samples) => {
        const layers = stack();
        return [
          `${name}, ${loss.kind}, ${samples === 1 ? 'one sample' : `${samples} samples`}`,
          makeCase(layers, loss, firstInputs(layers), samples),
        ] as const;
      }),
    ),
);

/** Widths and sample counts around and across the blocks that vectorised code works in. */
const wideShapes = [
  { widths: [1, 1, 1], samples: 1 },
  { widths: [7, 9, 3], samples: 3 },
  { widths: [8, 16, 4], samples: 8 },
  { widths: [13, 20, 1], samples: 37 },
  { widths: [17, 33, 65, 5], samples: 31 },
];

/** Networks too large for the oracle, to be compared with the reference engine. */
export const wideCases: readonly (readonly [name: string, of: Case])[] = wideShapes.flatMap(
  ({ widths, samples }) =>
    [mse, crossEntropy].map((loss) => {
      const layers = widths.slice(1).flatMap((width, i) => {
        const weights = dense(widths[i]!, width, { bias: i % 2 === 0 });
        return i === 0 ? [weights] : [tanh(), weights];
      });
      const network = defineNetwork({ input: [widths[0]!], layers, loss, synapse: complexSynapse });
      return [
        `${widths.join('-')}, ${loss.kind}, ${samples} samples`,
        drawnCase(network, samples, 'wide'),
      ] as const;
    }),
);
