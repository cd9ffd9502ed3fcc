import type { TanhLayer } from '../../../network/layers/tanh';
import type { DeviceThis } from '../kernel-maker';
import type { LayerKernels } from '../layer-kernels';

/**
 * Beyond 10, tanh is 1 in single precision. Some graphics drivers work it out as a quotient of exponentials, which
 * overflow there. Written so that what is not a number stays so.
 */
function squash(this: DeviceThis, input: number[][]) {
  const value = input[this.thread.y]![this.thread.x]!;
  if (value > 10) return 1;
  if (value < -10) return -1;
  return Math.tanh(value);
}

function slope(this: DeviceThis, output: number[][], outputGradient: number[][]) {
  const value = output[this.thread.y]![this.thread.x]!;
  return outputGradient[this.thread.y]![this.thread.x]! * (1 - value * value);
}

function slopeTangent(
  this: DeviceThis,
  output: number[][],
  outputTangent: number[][],
  outputGradient: number[][],
  outputGradientTangent: number[][],
) {
  const value = output[this.thread.y]![this.thread.x]!;
  const bend = 2 * value * outputTangent[this.thread.y]![this.thread.x]!;
  const gradient = outputGradient[this.thread.y]![this.thread.x]!;
  return outputGradientTangent[this.thread.y]![this.thread.x]! * (1 - value * value) - bend * gradient;
}

/** d tanh(x)/dx = 1 - tanh(x)^2. */
export const tanhKernels: LayerKernels<TanhLayer> = {
  kind: 'tanh',
  plan({ samples, outputs, make }) {
    const forward = make(squash, [outputs, samples]);
    const backward = make(slope, [outputs, samples]);
    const backwardTangent = make(slopeTangent, [outputs, samples]);
    return {
      forward: (_vectors, { input }) => forward(input),
      inputGradient: (_vectors, { output, outputGradient }) => backward(output, outputGradient),
      forwardTangent: (_vectors, _directions, { output, inputTangent }) => backward(output, inputTangent),
      inputGradientTangent: (_vectors, _directions, around) =>
        backwardTangent(
          ...[around.output, around.outputTangent],
          ...[around.outputGradient, around.outputGradientTangent],
        ),
    };
  },
};
