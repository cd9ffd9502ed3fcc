import type { FlattenLayer } from '../../../network/layers/flatten';
import type { LayerKernels } from '../layer-kernels';

/** The same numbers in the same order, since an image lies as one row on the device: no kernel runs. */
export const flattenKernels: LayerKernels<FlattenLayer> = {
  kind: 'flatten',
  plan: () => ({
    forward: (_vectors, { input }) => input,
    inputGradient: (_vectors, { outputGradient }) => outputGradient,
    forwardTangent: (_vectors, _directions, { inputTangent }) => inputTangent,
    inputGradientTangent: (_vectors, _directions, { outputGradientTangent }) => outputGradientTangent,
  }),
};
