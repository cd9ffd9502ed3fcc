import { tableOfKinds } from '../table-of-kinds';
import type { LayerKernels } from './layer-kernels';
import { denseKernels } from './layers/dense';
import { modulationKernels } from './layers/modulation';
import { reluKernels } from './layers/relu';
import { tanhKernels } from './layers/tanh';
import type { LossKernels } from './loss-kernels';
import { crossEntropyKernels } from './losses/cross-entropy';
import { mseKernels } from './losses/mse';

const layers = [
  denseKernels,
  modulationKernels,
  reluKernels,
  tanhKernels,
] as unknown as readonly LayerKernels[];
const losses: readonly LossKernels[] = [crossEntropyKernels, mseKernels];

/** @throws InputError where the gpujs engine has no kernels for this kind of layer. */
export const layerKernels = tableOfKinds('gpujs', 'layer', layers);

/** @throws InputError where the gpujs engine has no kernels for this loss. */
export const lossKernels = tableOfKinds('gpujs', 'loss', losses);
