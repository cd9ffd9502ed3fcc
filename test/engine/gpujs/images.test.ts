import { InputError } from '../../../src/core/errors';
import { gpujsEngine } from '../../../src/engine/gpujs/gpujs-engine';
import type { Handle } from '../../../src/engine/gpujs/kernel-maker';
import { NetworkKernels } from '../../../src/engine/gpujs/network-kernels';
import { batchNorm } from '../../../src/network/layers/batch-norm';
import { conv2d } from '../../../src/network/layers/conv2d';
import { dense } from '../../../src/network/layers/dense';
import { flatten } from '../../../src/network/layers/flatten';
import { modulation } from '../../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../../src/network/layers/pool';
import { relu } from '../../../src/network/layers/relu';
import { tanh } from '../../../src/network/layers/tanh';
import { mse } from '../../../src/network/loss';
import { defineNetwork } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';

const shared = { loss: mse, synapse: complexSynapse };

it('no kernel of a layer takes more than seven arrays, since WebGPU has eight for one kernel and its result', () => {
  const network = defineNetwork({
    ...{ ...shared, input: [1, 6, 6] },
    layers: [
      ...[conv2d(1, 2, { kernel: 3 }), batchNorm(2), tanh(), maxPool(2, { stride: 1 }), modulation(18)],
      ...[conv2d(2, 1, { kernel: 1, role: 'meta' }), averagePool(2), flatten(), relu(), dense(1, 2)],
    ],
  });
  const calls: number[] = [];
  const handle = (): Handle => ({}) as Handle;
  const kernels = new NetworkKernels(network, 3, () => (...values) => {
    calls.push(values.length);
    return handle();
  });
  const vectors = { fast: handle(), meta: handle() };
  const batch = { x: handle(), y: handle(), weight: handle() };
  for (const role of ['fast', 'meta'] as const) kernels.addGradient(role, handle(), vectors, batch);
  kernels.addHessianVector(handle(), vectors, vectors, batch, handle());
  expect(Math.max(...calls)).toBeLessThanOrEqual(7);
});

describe('what kernels cannot find by numbers of single precision is refused:', () => {
  const engine = gpujsEngine({ mode: 'cpu' });
  const pixel = () => conv2d(1, 1, { kernel: 1 });
  it.each([
    [
      'a layer with too many numbers a sample',
      [1, 2048, 4096],
      [pixel(), conv2d(1, 3, { kernel: 1 })],
      /layer 1 \(conv2d\)/,
    ],
    [
      'an image with too many',
      [1, 4097, 4096],
      [conv2d(1, 1, { kernel: 2, stride: 2 })],
      /numbers a sample.*4097/,
    ],
    ['too many parameters', [4097], [dense(4097, 4096)], /fast parameters.*16785408/],
    [
      'too many meta-parameters',
      [4097],
      [dense(4097, 4096, { role: 'meta' }), modulation(4096)],
      /meta-parameters/,
    ],
  ])('%s', async (_, input, layers, message) => {
    const network = defineNetwork({ ...shared, input, layers });
    await expect(engine.open(network)).rejects.toThrow(InputError);
    await expect(engine.open(network)).rejects.toThrow(message);
  });

  it('the largest is taken', async () => {
    const network = defineNetwork({ ...shared, input: [1, 4096, 4096], layers: [pixel()] });
    const session = await engine.open(network);
    expect(await session.read('phi')).toHaveLength(2);
    await session.close();
  });
});
