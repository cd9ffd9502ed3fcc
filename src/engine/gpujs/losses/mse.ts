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

/** Mean over samples and outputs of (prediction - target)^2. */
export const mseKernels: LossKernels = {
  kind: 'mse',
  plan: ({ samples, outputs, make }) => make(slope, [outputs, samples], { count: samples * outputs }),
};
