import type { LossArithmetic } from '../loss-arithmetic';

/**
 * Mean over samples of -log softmax(outputs)[class]. Shifted by each sample's largest output, so that exp
 * never overflows.
 */
export const crossEntropyArithmetic: LossArithmetic = {
  kind: 'cross-entropy',

  forward(outputs, targets, samples, gradient) {
    const classes = outputs.length / samples;
    let sum = 0;
    for (let s = 0; s < samples; s++) {
      const row = s * classes;
      const label = row + targets[s]!;
      const { largest, total } = normaliser(outputs, row, classes);
      // In this order a common shift of the outputs cancels exactly, however large.
      sum += Math.log(total) + (largest - outputs[label]!);
      if (gradient === null) continue;
      for (let k = row; k < row + classes; k++) {
        const probability = Math.exp(outputs[k]! - largest) / total;
        gradient[k] = (probability - (k === label ? 1 : 0)) / samples;
      }
    }
    return sum / samples;
  },

  // R{p_k} = p_k (R{z_k} - sum_j p_j R{z_j})
  gradientTangent(outputs, outputsTangent, _targets, samples, gradientTangent) {
    const classes = outputs.length / samples;
    for (let s = 0; s < samples; s++) {
      const row = s * classes;
      const { largest, total } = normaliser(outputs, row, classes);
      let mean = 0;
      for (let k = row; k < row + classes; k++) {
        mean += (Math.exp(outputs[k]! - largest) / total) * outputsTangent[k]!;
      }
      for (let k = row; k < row + classes; k++) {
        const probability = Math.exp(outputs[k]! - largest) / total;
        gradientTangent[k] = (probability * (outputsTangent[k]! - mean)) / samples;
      }
    }
  },
};

/** The largest output of one sample, and the sum of exp(output - largest). */
function normaliser(outputs: Float64Array, row: number, classes: number): { largest: number; total: number } {
  let largest = -Infinity;
  for (let k = row; k < row + classes; k++) largest = Math.max(largest, outputs[k]!);
  let total = 0;
  for (let k = row; k < row + classes; k++) total += Math.exp(outputs[k]! - largest);
  return { largest, total };
}
