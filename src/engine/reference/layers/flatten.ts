import type { FlattenLayer } from '../../../network/layers/flatten';
import type { LayerArithmetic } from '../layer-arithmetic';

/** The same numbers in the same order. */
export const flattenArithmetic: LayerArithmetic<FlattenLayer> = {
  kind: 'flatten',
  forward: ({ input, output }) => output.set(input),
  backward: ({ outputGradient, inputGradient }) => inputGradient?.set(outputGradient),
  forwardTangent: ({ inputTangent, outputTangent }) => outputTangent.set(inputTangent),
  backwardTangent: ({ outputGradientTangent, inputGradientTangent }) =>
    inputGradientTangent?.set(outputGradientTangent),
};
