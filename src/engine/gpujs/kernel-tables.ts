import { InputError } from '../../core/errors';
import type { Layer } from '../../network/layer';
import type { Loss } from '../../network/loss';
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
export function layerKernels({ kind }: Layer): LayerKernels {
  return layers.find((kernels) => kernels.kind === kind) ?? unknown('layer', kind, layers);
}

/** @throws InputError where the gpujs engine has no kernels for this loss. */
export function lossKernels({ kind }: Loss): LossKernels {
  return losses.find((kernels) => kernels.kind === kind) ?? unknown('loss', kind, losses);
}

function unknown(what: string, kind: string, known: readonly { readonly kind: string }[]): never {
  throw new InputError({
    what: `The gpujs engine has no kernels for this ${what}`,
    got: kind,
    legal: known.map((kernels) => kernels.kind).join(', '),
    advice: 'Take --engine reference, which layers of your own can join by registerLayerArithmetic',
  });
}
