import type { LossKernels } from '../loss-kernels';

/** Mean over samples and outputs of (output - target)^2. */
export const mseKernels: LossKernels = {
  kind: 'mse',

  bind({ kernels, samples, outputs, targets, outputsTangent, gradient, gradientTangent, sum }) {
    const count = samples * outputs.stride;
    const mean = 1 / (samples * outputs.width);
    return {
      mean,
      forward(weight) {
        const to = weight === null ? 0 : gradient.pointer;
        const factor = weight === null ? 0 : 2 * mean * weight;
        kernels.squaredErrors(outputs.pointer, targets.pointer, to, count, factor, sum);
      },
      tangent() {
        kernels.scale(outputsTangent.pointer, gradientTangent.pointer, count, 2 * mean);
      },
    };
  },
};
