import type { LossKernels } from '../loss-kernels';

/** Mean over samples of -log softmax(outputs)[class], shifted by each sample's largest output. */
export const crossEntropyKernels: LossKernels = {
  kind: 'cross-entropy',

  bind({ kernels, samples, outputs, targets, outputsTangent, gradient, gradientTangent }) {
    const { width, stride } = outputs;
    // A factor, so that a program that is run elsewhere can be told it.
    const mean = 1 / samples;
    return {
      forward(weight) {
        // Probabilities, then the gradient, lie where the gradient is wanted.
        const to = gradient.pointer;
        const sum = kernels.softmax(outputs.pointer, targets.pointer, to, samples, width, stride);
        if (weight !== null) {
          kernels.crossEntropyGradient(to, targets.pointer, samples, stride, weight / samples);
        }
        return mean * sum;
      },
      tangent() {
        const to = gradientTangent.pointer;
        kernels.softmax(outputs.pointer, targets.pointer, to, samples, width, stride);
        kernels.softmaxTangent(to, outputsTangent.pointer, samples, stride, 1 / samples);
      },
    };
  },
};
