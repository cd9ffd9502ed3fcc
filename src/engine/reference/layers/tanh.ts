import type { TanhLayer } from '../../../network/layers/tanh';
import type { LayerArithmetic } from '../layer-arithmetic';

/** output = tanh(input), with derivative 1 - output^2. */
export const tanhArithmetic: LayerArithmetic<TanhLayer> = {
  kind: 'tanh',

  forward({ input, output }) {
    for (let i = 0; i < output.length; i++) output[i] = Math.tanh(input[i]!);
  },

  backward({ output, outputGradient, inputGradient }) {
    if (inputGradient === null) return;
    for (let i = 0; i < output.length; i++) {
      inputGradient[i] = outputGradient[i]! * (1 - output[i]! * output[i]!);
    }
  },

  forwardTangent({ output, inputTangent, outputTangent }) {
    for (let i = 0; i < output.length; i++) {
      outputTangent[i] = inputTangent[i]! * (1 - output[i]! * output[i]!);
    }
  },

  backwardTangent({ output, outputTangent, outputGradient, outputGradientTangent, inputGradientTangent }) {
    if (inputGradientTangent === null) return;
    for (let i = 0; i < output.length; i++) {
      const y = output[i]!;
      inputGradientTangent[i] =
        outputGradientTangent[i]! * (1 - y * y) - 2 * outputGradient[i]! * y * outputTangent[i]!;
    }
  },
};
