import type { Layer } from '../../../network/layer';
import type { LayerKernels } from '../layer-kernels';

/** output = max(0, input). */
export const reluKernels: LayerKernels<Layer> = {
  kind: 'relu',

  bind({ samples, kernels, ...at }) {
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const count = samples * output.stride;
    return {
      forward() {
        kernels.relu(input.pointer, output.pointer, count);
      },
      backward() {
        if (inputGradient === null) return;
        kernels.reluSlope(output.pointer, outputGradient.pointer, inputGradient.pointer, count);
      },
      // At the network's input nothing moves, and the tangent stays 0.
      forwardTangent() {
        if (inputTangent === null) return;
        kernels.reluSlope(output.pointer, inputTangent.pointer, outputTangent.pointer, count);
      },
      backwardTangent() {
        if (inputGradientTangent === null) return;
        const [from, to] = [outputGradientTangent.pointer, inputGradientTangent.pointer];
        kernels.reluSlope(output.pointer, from, to, count);
      },
    };
  },
};
