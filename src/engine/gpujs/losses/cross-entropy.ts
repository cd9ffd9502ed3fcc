import type { DeviceThis } from '../kernel-maker';
import type { LossKernels } from '../loss-kernels';

interface Sizes {
  readonly classes: number;
  readonly samples: number;
}

/** Of each sample: its largest output, and behind that the sum of exp(output - largest). */
function normalise(this: DeviceThis<Sizes>, outputs: number[][]) {
  let largest = outputs[this.thread.y]![0]!;
  for (let k = 1; k < this.constants.classes; k++) largest = Math.max(largest, outputs[this.thread.y]![k]!);
  if (this.thread.x === 0) return largest;
  let total = 0;
  for (let k = 0; k < this.constants.classes; k++) {
    total += Math.exp(outputs[this.thread.y]![k]! - largest);
  }
  return total;
}

/** At the label, probability - 1 is minus the sum of the others' probabilities, which keeps its digits near 0. */
function slope(
  this: DeviceThis<Sizes>,
  outputs: number[][],
  normalisers: number[][],
  targets: number[][],
  weight: number,
) {
  const largest = normalisers[this.thread.y]![0]!;
  let difference = 0;
  if (Math.abs(targets[this.thread.y]![0]! - this.thread.x) < 0.5) {
    for (let k = 0; k < this.constants.classes; k++) {
      if (k !== this.thread.x) difference -= Math.exp(outputs[this.thread.y]![k]! - largest);
    }
  } else {
    difference = Math.exp(outputs[this.thread.y]![this.thread.x]! - largest);
  }
  return (weight * difference) / (normalisers[this.thread.y]![1]! * this.constants.samples);
}

/** R{p_k} = p_k (R{z_k} - sum_j p_j R{z_j}) */
function slopeTangent(
  this: DeviceThis<Sizes>,
  outputs: number[][],
  normalisers: number[][],
  outputsTangent: number[][],
) {
  const largest = normalisers[this.thread.y]![0]!;
  const total = normalisers[this.thread.y]![1]!;
  const own = outputsTangent[this.thread.y]![this.thread.x]!;
  let mean = 0;
  for (let k = 0; k < this.constants.classes; k++) {
    const share = Math.exp(outputs[this.thread.y]![k]! - largest) / total;
    mean += share * (own - outputsTangent[this.thread.y]![k]!);
  }
  return (
    (Math.exp(outputs[this.thread.y]![this.thread.x]! - largest) * mean) / (total * this.constants.samples)
  );
}

/** Mean over samples of -log softmax(outputs)[class], shifted by each sample's largest output. */
export const crossEntropyKernels: LossKernels = {
  kind: 'cross-entropy',
  plan({ samples, outputs: classes, make }) {
    const normalisers = make(normalise, [2, samples], { classes, samples });
    const gradient = make(slope, [classes, samples], { classes, samples });
    const tangent = make(slopeTangent, [classes, samples], { classes, samples });
    return {
      gradient: (outputs, targets, weight) => gradient(outputs, normalisers(outputs), targets, weight),
      gradientTangent: (outputs, outputsTangent) => tangent(outputs, normalisers(outputs), outputsTangent),
    };
  },
};
