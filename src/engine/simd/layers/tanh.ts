import type { TanhLayer } from '../../../network/layers/tanh';
import type { LayerKernels } from '../layer-kernels';

/** output = tanh(input), with derivative 1 - output^2. */
export const tanhKernels: LayerKernels<TanhLayer> = {
  kind: 'tanh',

  bind({ samples, kernels, ...at }) {
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const count = samples * output.stride;
    return {
      forward() {
        kernels.tanhOf(input.pointer, output.pointer, count);
      },
      backward() {
        if (inputGradient === null) return;
        kernels.tanhSlope(output.pointer, outputGradient.pointer, inputGradient.pointer, count);
      },
      // At the network's input nothing moves, and the tangent stays 0.
      forwardTangent() {
        if (inputTangent === null) return;
        kernels.tanhSlope(output.pointer, inputTangent.pointer, outputTangent.pointer, count);
      },
      backwardTangent() {
        if (inputGradientTangent === null) return;
        const [slope, slopeTangent] = [outputGradient.pointer, outputGradientTangent.pointer];
        const to = inputGradientTangent.pointer;
        kernels.tanhCurve(output.pointer, outputTangent.pointer, slope, slopeTangent, to, count);
      },
    };
  },
};
