import { relativeError } from '../../src/baselines/implicit';
import { RandomStream } from '../../src/core/random';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { defineNetwork, type Network } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { gradientOf, randomBatch } from './inner-steps';
import { Peer } from './peer';

const images = defineNetwork({
  input: [2, 9, 8],
  layers: [
    ...[conv2d(2, 3, { kernel: 3, stride: 2, padding: 1 }), batchNorm(3), tanh(), maxPool(3, { stride: 1 })],
    ...[
      conv2d(3, 4, { kernel: 2, padding: 1, bias: false }),
      relu(),
      averagePool(2, { stride: 1 }),
      flatten(),
    ],
    ...[dense(24, 5), batchNorm(5), relu(), dense(5, 3)],
  ],
  loss: crossEntropy,
  synapse: complexSynapse,
});
const vectors = defineNetwork({
  input: [4],
  layers: [dense(4, 5), tanh(), dense(5, 2, { bias: false })],
  loss: mse,
  synapse: complexSynapse,
});
const stream = new RandomStream('peer', 'seed');
const stepOf = (network: Network, nudged: boolean) => ({
  ...{ network, lambda: 0.3, inner: { rate: 0.1, momentum: 0.9, beta: nudged ? 2 : 0 } },
  train: randomBatch(network, 6),
  replay: nudged ? randomBatch(network, 4, 'bench replay') : null,
  phi: Float64Array.from({ length: network.size }, () => 0.5 * stream.normal()),
});

describe('the step that jax-js takes beside ours', () => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await Peer.start('jax');
  });
  afterAll(() => peer.close());

  it.each([
    ['an image network, nudged', images, true],
    ['a network of vectors, free', vectors, false],
  ])('has the same gradient: %s', async (_, network, nudged) => {
    const step = stepOf(network, nudged);
    const theirs = await peer.open('small', step);
    // Rounding of float32, some hundred sums of a few dozen numbers.
    expect(relativeError(theirs, await gradientOf(step, referenceEngine))).toBeLessThan(3e-6);
    expect(await peer.milliseconds('small', 2, 1)).toBeGreaterThan(0);
  });
});
