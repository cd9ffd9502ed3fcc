import { RandomStream } from '../../src/core/random';
import { type Shape, sizeOf } from '../../src/core/shape';
import { type Batch, makeBatch } from '../../src/data/batch';
import type { Layer, ParameterRole } from '../../src/network/layer';
import { dense } from '../../src/network/layers/dense';
import { modulation } from '../../src/network/layers/modulation';
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
  /** Parameters that learn between tasks only; often none. */
  readonly theta: Float64Array;
  readonly omega: Float64Array;
  readonly lambda: Float64Array;
  /** Two directions for Hessian-vector products. */
  readonly directions: readonly [Float64Array, Float64Array];
}

/** A layer whose parameters have the roles given, in the order of its description. Neurons are shown where both learn only. */
export const withRoles = (layer: Layer, ...roles: readonly ParameterRole[]): Layer => ({
  ...layer,
  neuronParameters: undefined,
  parameters: layer.parameters.map((spec, i) => ({ ...spec, role: roles[i] ?? spec.role })),
});

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
  'theta below': () => [dense(3, 5, { bias: false, role: 'meta' }), modulation(5), tanh(), dense(5, 2)],
  'theta above': () => [dense(3, 5), relu(), modulation(5), dense(5, 2, { role: 'meta' })],
  'theta between': () => [
    ...[dense(2, 5), tanh(), modulation(5), dense(5, 3, { role: 'meta' })],
    ...[tanh(), dense(3, 2, { bias: false })],
  ],
  'theta below and above': () => [
    ...[dense(3, 3, { role: 'meta' }), tanh(), dense(3, 5, { bias: false })],
    ...[modulation(5), tanh(), dense(5, 2, { role: 'meta' })],
  ],
  'both roles in each layer': () => [
    ...[withRoles(dense(3, 5), 'meta', 'fast'), withRoles(modulation(5), 'fast', 'meta'), tanh()],
    ...[withRoles(modulation(5), 'meta', 'fast'), withRoles(dense(5, 2), 'fast', 'meta')],
  ],
};

/** Single precision holds every number of a case exactly, so that no engine starts from other ones. */
const drawn = (length: number, stream: RandomStream, scale = 1): Float64Array =>
  Float64Array.from({ length }, () => Math.fround(scale * stream.normal()));

function drawnBatch(network: Network, samples: number, stream: RandomStream): Batch {
  const [inputs, outputs] = [network.inputShape, network.outputShape].map(sizeOf) as [number, number];
  const classes = network.loss.targets === 'classes';
  const x = drawn(samples * inputs, stream);
  const y = classes
    ? Float64Array.from({ length: samples }, () => stream.integer(outputs))
    : drawn(samples * outputs, stream);
  return makeBatch('case', { samples, inputs, targets: classes ? 1 : outputs, x, y });
}

/** @param scale of the parameters */
export function drawnCase(network: Network, samples: number, seed: string, scale = 0.7): Case {
  const stream = new RandomStream('case', seed);
  const { size } = network;
  return {
    network,
    train: drawnBatch(network, samples, stream),
    heldOut: drawnBatch(network, samples + 1, stream),
    phi: drawn(size, stream, scale),
    theta: drawn(network.meta.size, stream, scale),
    omega: drawn(size, stream, 0.3),
    lambda: drawn(size, stream, 0.4).map(Math.abs),
    directions: [drawn(size, stream), drawn(size, stream)],
  };
}

/** How far from 0 the input of every relu unit is kept: far more than a finite difference or a short phase moves it. */
const clearOfKinks = 0.02;

/** A case in which no relu unit is near its kink, where a derivative would mean nothing. */
export function makeCase(layers: Layer[], loss: Loss, input: Shape, samples: number, scale?: number): Case {
  const network = defineNetwork({ input, layers, loss, synapse: complexSynapse });
  for (let attempt = 0; attempt < 3000; attempt++) {
    const found = drawnCase(network, samples, `${attempt}`, scale);
    const distances = [found.train, found.heldOut].map((batch) => distanceFromKinks(network, batch, found));
    if (Math.min(...distances) > clearOfKinks) return found;
  }
  throw new Error('No case is clear of the kinks');
}

const firstInputs = (layers: readonly Layer[]): number =>
  layers.flatMap(({ parameters }) => parameters)[0]!.fanIn;

/** Each stack of layers with both losses and both numbers of samples; over all stacks every pair of a loss and a number. */
export const cases: readonly (readonly [name: string, of: Case])[] = Object.entries(stacks).flatMap(
  ([name, stack], number) =>
    [mse, crossEntropy].map((loss, turn) => {
      const samples = (Math.floor(number / 2) + turn) % 2 === 0 ? 1 : 5;
      const layers = stack();
      return [
        `${name}, ${loss.kind}, ${samples === 1 ? 'one sample' : `${samples} samples`}`,
        makeCase(layers, loss, [firstInputs(layers)], samples),
      ] as const;
    }),
);

/** Where theta stands, around layers of one width: each kind of layer has it as its inputs, its outputs or its neurons. */
const thetaPlaces: Record<string, (width: number) => Layer[]> = {
  below: (width) => [
    ...[dense(10 - width, width, { role: 'meta' }), modulation(width), tanh()],
    ...[dense(width, 2)],
  ],
  between: (width) => [
    ...[dense(2, width), tanh(), dense(width, 10 - width, { role: 'meta', bias: width % 2 === 0 })],
    ...[modulation(10 - width), tanh(), dense(10 - width, 3)],
  ],
  above: (width) => [
    ...[dense(3, width, { bias: width % 2 === 1 }), modulation(width), relu()],
    ...[dense(width, width, { role: 'meta' })],
  ],
  alone: (width) => [withRoles(dense(width, 10 - width), 'meta', 'fast')],
};

/** Every width from 1 to 9 with theta at each place, both losses and 1 to 5 samples by turns. */
export const widthCases: readonly (readonly [name: string, of: Case])[] = Object.entries(thetaPlaces).flatMap(
  ([place, stack], turn) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((width) => {
      const layers = stack(width);
      const loss = (width + turn) % 2 === 0 ? mse : crossEntropy;
      const samples = 1 + ((width + turn) % 5);
      const made = makeCase(layers, loss, [firstInputs(layers)], samples);
      return [`theta ${place}, width ${width}, ${loss.kind}, ${samples} samples`, made] as const;
    }),
);

/** Widths and sample counts around and across the blocks that vectorised code works in. */
const wideShapes = [
  { widths: [1, 1, 1], samples: 1 },
  { widths: [7, 9, 3], samples: 3 },
  { widths: [8, 16, 4], samples: 8 },
  { widths: [13, 20, 1], samples: 37 },
  { widths: [17, 33, 65, 5], samples: 31 },
];

/** Networks too large for the oracle, to be compared with the reference engine; by turns the second layer's weights are theta. */
export const wideCases: readonly (readonly [name: string, of: Case])[] = wideShapes.flatMap(
  ({ widths, samples }) =>
    [mse, crossEntropy].map((loss) => {
      const layers = widths.slice(1).flatMap((width, i) => {
        const role = i === 1 && loss === crossEntropy ? 'meta' : 'fast';
        const weights = dense(widths[i]!, width, { bias: i % 2 === 0, role });
        return i === 0 ? [weights] : [modulation(widths[i]!), tanh(), weights];
      });
      const network = defineNetwork({ input: [widths[0]!], layers, loss, synapse: complexSynapse });
      return [
        `${widths.join('-')}, ${loss.kind}, ${samples} samples`,
        drawnCase(network, samples, 'wide'),
      ] as const;
    }),
);
