import type { Layer } from '../../src/network/layer';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { conv2d } from '../../src/network/layers/conv2d';
import { dense } from '../../src/network/layers/dense';
import { flatten } from '../../src/network/layers/flatten';
import { modulation } from '../../src/network/layers/modulation';
import { averagePool, maxPool } from '../../src/network/layers/pool';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../src/network/loss';
import { type Case, makeCase, withRoles } from './cases';

type Stack = readonly [input: readonly number[], layers: () => Layer[]];

const stacks: Record<string, Stack> = {
  'a convolution': [[2, 4, 5], () => [conv2d(2, 3, { kernel: 3 }), tanh(), flatten(), dense(18, 2)]],
  'a convolution of one pixel': [
    [3, 2, 2],
    () => [conv2d(3, 2, { kernel: 1, bias: false }), tanh(), flatten(), dense(8, 2)],
  ],
  'a convolution with stride': [
    [1, 7, 6],
    () => [conv2d(1, 2, { kernel: 3, stride: 2 }), tanh(), flatten(), dense(12, 2)],
  ],
  'a convolution with padding': [
    [2, 3, 4],
    () => [conv2d(2, 2, { kernel: 3, padding: 1 }), tanh(), flatten(), dense(24, 2)],
  ],
  'stride and padding that leave pixels out': [
    [1, 6, 5],
    () => [conv2d(1, 2, { kernel: 2, stride: 3, padding: 2 }), tanh(), flatten(), dense(18, 2)],
  ],
  'a kernel as large as the padded image': [
    [1, 2, 2],
    () => [conv2d(1, 3, { kernel: 6, padding: 2 }), tanh(), flatten(), dense(3, 2)],
  ],
  'two convolutions': [
    [1, 5, 5],
    () => [
      ...[conv2d(1, 2, { kernel: 2 }), tanh(), conv2d(2, 2, { kernel: 3, padding: 1, stride: 2 }), tanh()],
      ...[flatten(), dense(8, 2)],
    ],
  ],
  'a convolution of theta': [
    [2, 3, 3],
    () => [withRoles(conv2d(2, 3, { kernel: 2 }), 'meta', 'fast'), tanh(), flatten(), dense(12, 2)],
  ],
  'batch norm behind dense': [[3], () => [dense(3, 4, { bias: false }), batchNorm(4), tanh(), dense(4, 2)]],
  'batch norm behind a convolution': [
    [1, 3, 4],
    () => [conv2d(1, 2, { kernel: 2 }), batchNorm(2), tanh(), flatten(), dense(12, 2)],
  ],
  'batch norm of theta above batch norm': [
    [1, 3, 3],
    () => [
      ...[conv2d(1, 2, { kernel: 2, role: 'meta' }), batchNorm(2), tanh()],
      ...[conv2d(2, 2, { kernel: 2 }), batchNorm(2, { role: 'meta' }), tanh(), flatten(), dense(2, 2)],
    ],
  ],
  'the modulation of an image of three channels': [
    [1, 3, 4],
    () => [conv2d(1, 3, { kernel: 2 }), modulation(18), tanh(), flatten(), dense(18, 2)],
  ],
  'an image of three channels at the end': [[1, 2, 3], () => [conv2d(1, 3, { kernel: 2 }), tanh()]],
  'average pools': [
    [1, 5, 5],
    () => [
      conv2d(1, 2, { kernel: 2 }),
      averagePool(2),
      averagePool(2, { stride: 1 }),
      flatten(),
      dense(2, 2),
    ],
  ],
  'overlapping average pools that leave pixels out': [
    [2, 5, 6],
    () => [averagePool(3, { stride: 2 }), tanh(), flatten(), dense(8, 2)],
  ],
  'a max-pool': [[1, 4, 4], () => [conv2d(1, 2, { kernel: 1 }), maxPool(2), tanh(), flatten(), dense(8, 2)]],
  'overlapping max-pools': [
    [1, 4, 4],
    () => [conv2d(1, 2, { kernel: 2 }), maxPool(2, { stride: 1 }), tanh(), flatten(), dense(8, 2)],
  ],
  'convolution, batch norm, relu, max-pool': [
    [1, 4, 4],
    () => [conv2d(1, 2, { kernel: 3, padding: 1 }), batchNorm(2), relu(), maxPool(2), flatten(), dense(8, 2)],
  ],
};

/** Layers of images and batch norm, each with both losses. Of a batch of one sample, batch norm has no derivative to speak of. */
export const imageCases: readonly (readonly [name: string, of: Case])[] = Object.entries(stacks).flatMap(
  ([name, [input, layers]]) =>
    [mse, crossEntropy].map((loss, turn) => {
      const samples = 2 + turn;
      return [
        `${name}, ${loss.kind}, ${samples} samples`,
        makeCase(layers(), loss, input, samples, 0.4),
      ] as const;
    }),
);
