import { tableOfKinds } from '../table-of-kinds';
import type { LayerKernels } from './layer-kernels';
import { batchNormKernels } from './layers/batch-norm';
import { conv2dKernels } from './layers/conv2d';
import { denseKernels } from './layers/dense';
import { flattenKernels } from './layers/flatten';
import { modulationKernels } from './layers/modulation';
import { averagePoolKernels, maxPoolKernels } from './layers/pool';
import { reluKernels } from './layers/relu';
import { tanhKernels } from './layers/tanh';
import type { LossKernels } from './loss-kernels';
import { crossEntropyKernels } from './losses/cross-entropy';
import { mseKernels } from './losses/mse';

const layers = [
  denseKernels,
  conv2dKernels,
  batchNormKernels,
  maxPoolKernels,
  averagePoolKernels,
  flattenKernels,
  modulationKernels,
  reluKernels,
  tanhKernels,
] as unknown as readonly LayerKernels[];
const losses: readonly LossKernels[] = [crossEntropyKernels, mseKernels];

/** @throws InputError where the gpujs engine has no kernels for this kind of layer. */
export const layerKernels = tableOfKinds('gpujs', 'layer', layers);

/** @throws InputError where the gpujs engine has no kernels for this loss. */
export const lossKernels = tableOfKinds('gpujs', 'loss', losses);
