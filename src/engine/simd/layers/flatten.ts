import type { FlattenLayer } from '../../../network/layers/flatten';
import type { LayerKernels } from '../layer-kernels';

/** From pixels with their channels to a row, channel after channel. */
export const flattenKernels: LayerKernels<FlattenLayer> = {
  kind: 'flatten',

  bind({ samples, kernels, input, output, ...at }) {
    const { outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const { rows, width, stride } = input;
    const apply = (from: number, to: number): void =>
      kernels.flattenImages(from, rows, stride, width, to, output.stride, samples);
    const back = (from: number, to: number): void =>
      kernels.unflattenImages(from, output.stride, to, rows, stride, width, samples);
    return {
      forward: () => apply(input.pointer, output.pointer),
      backward({ below }) {
        if (below) back(outputGradient.pointer, inputGradient.pointer);
      },
      forwardTangent() {
        if (inputTangent !== null) apply(inputTangent.pointer, outputTangent.pointer);
      },
      backwardTangent({ below }) {
        if (below) back(outputGradientTangent.pointer, inputGradientTangent.pointer);
      },
    };
  },
};
