import type { ReluLayer } from '../../../network/layers/relu';
import type { DeviceThis } from '../kernel-maker';
import type { LayerKernels } from '../layer-kernels';

/** What is not a number stays so. */
function rectify(this: DeviceThis, input: number[][]) {
  const value = input[this.thread.y]![this.thread.x]!;
  if (value <= 0) return 0;
  return value;
}

function slope(this: DeviceThis, output: number[][], outputGradient: number[][]) {
  if (output[this.thread.y]![this.thread.x]! <= 0) return 0;
  return outputGradient[this.thread.y]![this.thread.x]!;
}

/** The positive part; its derivative at 0 is taken as 0. */
export const reluKernels: LayerKernels<ReluLayer> = {
  kind: 'relu',
  plan({ samples, outputs, make }) {
    const forward = make(rectify, [outputs, samples]);
    const backward = make(slope, [outputs, samples]);
    return {
      forward: (_vectors, { input }) => forward(input),
      inputGradient: (_vectors, { output, outputGradient }) => backward(output, outputGradient),
      forwardTangent: (_vectors, _directions, { output, inputTangent }) => backward(output, inputTangent),
      inputGradientTangent: (_vectors, _directions, { output, outputGradientTangent }) =>
        backward(output, outputGradientTangent),
    };
  },
};
