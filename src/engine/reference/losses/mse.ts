import type { LossArithmetic } from '../loss-arithmetic';

/** Mean over samples and outputs of (output - target)^2. */
export const mseArithmetic: LossArithmetic = {
  kind: 'mse',

  forward(outputs, targets, _samples, gradient) {
    const scale = 1 / outputs.length;
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) {
      const error = outputs[i]! - targets[i]!;
      sum += error * error;
      if (gradient !== null) gradient[i] = 2 * scale * error;
    }
    return sum * scale;
  },

  gradientTangent(outputs, outputsTangent, _targets, _samples, gradientTangent) {
    const scale = 2 / outputs.length;
    for (let i = 0; i < outputs.length; i++) gradientTangent[i] = scale * outputsTangent[i]!;
  },
};
