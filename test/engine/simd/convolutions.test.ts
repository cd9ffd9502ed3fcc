import { RandomStream } from '../../../src/core/random';
import { sizeOf } from '../../../src/core/shape';
import { type Batch, makeBatch } from '../../../src/data/batch';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { findSystemBlas } from '../../../src/engine/simd/machine/system-blas';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import type { Layer } from '../../../src/network/layer';
import { batchNorm } from '../../../src/network/layers/batch-norm';
import { type Conv2dOptions, conv2d } from '../../../src/network/layers/conv2d';
import { dense } from '../../../src/network/layers/dense';
import { flatten } from '../../../src/network/layers/flatten';
import { averagePool } from '../../../src/network/layers/pool';
import { tanh } from '../../../src/network/layers/tanh';
import { mse } from '../../../src/network/loss';
import { defineNetwork, initialParameters } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';
import { expectClose } from '../../conformance/expect-close';

const stream = new RandomStream('convolutions', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(stream.normal()));

/** Two convolutions, the second of which asks the first for what reaches its outputs. */
function networkOf(image: readonly number[], channels: readonly number[], options: readonly Conv2dOptions[]) {
  const [first, second] = options;
  const layers: Layer[] = [
    ...[conv2d(image[0]!, channels[0]!, first!), batchNorm(channels[0]!), tanh()],
    ...[conv2d(channels[0]!, channels[1]!, second!), tanh(), averagePool(2, { stride: 1 }), flatten()],
  ];
  const width = sizeOf(layers.reduce((shape, layer) => layer.outputShape(shape), image));
  return defineNetwork({
    ...{ input: image, layers: [...layers, dense(width, 3)] },
    ...{ loss: mse, synapse: complexSynapse },
  });
}

// Strips of 16, 8 and 4 outputs, an odd number of windows, images that are worked off together and those that are left over.
const networks = {
  'of 37 and 20 outputs': networkOf(
    [3, 7, 9],
    [37, 20],
    [
      { kernel: 3, padding: 1 },
      { kernel: 3, stride: 2 },
    ],
  ),
  'of 64 and 33 outputs, as networks for characters have': networkOf(
    [1, 12, 12],
    [64, 33],
    [
      { kernel: 3, padding: 1 },
      { kernel: 3, padding: 1 },
    ],
  ),
  'of 9 and 5 outputs, with wide kernels': networkOf(
    [5, 11, 10],
    [9, 5],
    [{ kernel: 5 }, { kernel: 4, padding: 2 }],
  ),
  'of 21 and 18 outputs, by tiles that reach over the edge': networkOf(
    [17, 9, 6],
    [21, 18],
    [{ kernel: 3 }, { kernel: 3, padding: 2 }],
  ),
};

const { memory, kernels } = openMachine();
const { blas, why } = findSystemBlas(memory.memory, kernels);
if (blas === null) console.warn(`a BLAS library of the system: not tested, since ${why}`);

describe.each(['wasm', 'system'] as const)('convolutions by the products of %s', (choice) => {
  const maybe = choice === 'system' && blas === null ? it.skip : it;
  maybe.each(Object.entries(networks))('%s give what the reference engine gives', async (_, network) => {
    const [samples, inputs] = [11, sizeOf(network.inputShape)];
    const batch: Batch = makeBatch('drawn', {
      ...{ samples, inputs, targets: 3 },
      ...{ x: drawn(samples * inputs), y: drawn(3 * samples) },
    });
    const phi = initialParameters(network, stream).fast;
    const direction = drawn(network.size);
    const asked = [];
    for (const engine of [referenceEngine, simdEngine({ blas: choice })]) {
      const session = await engine.open(network);
      await session.write('phi', phi);
      const { outputs } = await session.evaluate(batch);
      const gradient = await session.gradient(batch);
      asked.push([outputs, gradient, await session.hessianVector(batch, direction)]);
      await session.close();
    }
    // Float32, over sums of some hundred to some thousand terms.
    const [truth, got] = asked;
    expectClose(got![0]!, truth![0]!, 3e-6);
    expectClose(got![1]!, truth![1]!, 5e-6);
    expectClose(got![2]!, truth![2]!, 2e-5);
  });
});
