import type { ReluLayer } from '../../../network/layers/relu';
import type { LayerArithmetic } from '../layer-arithmetic';

/** output = max(input, 0). Its derivative is 1 above 0, and 0 at and below 0; its second derivative is 0. */
export const reluArithmetic: LayerArithmetic<ReluLayer> = {
  kind: 'relu',

  forward({ input, output }) {
    for (let i = 0; i < output.length; i++) output[i] = Math.max(input[i]!, 0);
  },

  backward({ input, outputGradient, inputGradient }) {
    if (inputGradient !== null) gate(input, outputGradient, inputGradient);
  },

  forwardTangent({ input, inputTangent, outputTangent }) {
    gate(input, inputTangent, outputTangent);
  },

  backwardTangent({ input, outputGradientTangent, inputGradientTangent }) {
    if (inputGradientTangent !== null) gate(input, outputGradientTangent, inputGradientTangent);
  },
};

function gate(input: Float64Array, from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = input[i]! > 0 ? from[i]! : 0;
}
