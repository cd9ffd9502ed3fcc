import type { DeviceThis } from '../kernel-maker';
import type { LossKernels } from '../loss-kernels';

function slope(
  this: DeviceThis<{ readonly count: number }>,
  outputs: number[][],
  targets: number[][],
  weight: number,
) {
  const difference = outputs[this.thread.y]![this.thread.x]! - targets[this.thread.y]![this.thread.x]!;
  return (weight * 2 * difference) / this.constants.count;
}

function slopeTangent(this: DeviceThis<{ readonly count: number }>, outputsTangent: number[][]) {
  return (2 * outputsTangent[this.thread.y]![this.thread.x]!) / this.constants.count;
}

/** Mean over samples and outputs of (prediction - target)^2. */
export const mseKernels: LossKernels = {
  kind: 'mse',
  plan({ samples, outputs, make }) {
    const constants = { count: samples * outputs };
    const gradient = make(slope, [outputs, samples], constants);
    const tangent = make(slopeTangent, [outputs, samples], constants);
    return { gradient, gradientTangent: (_outputs, outputsTangent) => tangent(outputsTangent) };
  },
};
