import type { LossKernels } from '../loss-kernels';

/** Mean over samples of -log softmax(outputs)[class], shifted by each sample's largest output. */
export const crossEntropyKernels: LossKernels = {
  kind: 'cross-entropy',

  bind({ kernels, samples, outputs, targets, outputsTangent, gradient, gradientTangent, sum }) {
    const { width, stride } = outputs;
    return {
      mean: 1 / samples,
      forward(weight) {
        // Probabilities, then the gradient, lie where the gradient is wanted.
        const to = gradient.pointer;
        kernels.softmax(outputs.pointer, targets.pointer, to, samples, width, stride, sum);
        if (weight !== null) {
          kernels.crossEntropyGradient(to, targets.pointer, samples, stride, weight / samples);
        }
      },
      tangent() {
        const to = gradientTangent.pointer;
        kernels.softmax(outputs.pointer, targets.pointer, to, samples, width, stride, sum);
        kernels.softmaxTangent(to, outputsTangent.pointer, samples, stride, 1 / samples);
      },
    };
  },
};
