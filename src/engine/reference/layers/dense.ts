import type { DenseLayer } from '../../../network/layers/dense';
import { bilinear } from './bilinear';

/** output = weight input + bias; weight [outputs][inputs], bias [outputs] or none. */
export const denseArithmetic = bilinear<DenseLayer>({
  kind: 'dense',

  output({ layer: { inputs, outputs }, samples }, weight, input, into) {
    for (let s = 0; s < samples; s++) {
      const from = s * inputs;
      for (let o = 0; o < outputs; o++) {
        const row = o * inputs;
        let sum = into[s * outputs + o]!;
        for (let i = 0; i < inputs; i++) sum += weight[row + i]! * input[from + i]!;
        into[s * outputs + o] = sum;
      }
    }
  },

  weightGradient({ layer: { inputs, outputs }, samples }, outputGradient, input, into) {
    for (let s = 0; s < samples; s++) {
      const from = s * inputs;
      for (let o = 0; o < outputs; o++) {
        const slope = outputGradient[s * outputs + o]!;
        const row = o * inputs;
        for (let i = 0; i < inputs; i++) into[row + i]! += slope * input[from + i]!;
      }
    }
  },

  inputGradient({ layer: { inputs, outputs }, samples }, weight, outputGradient, into) {
    for (let s = 0; s < samples; s++) {
      const to = s * inputs;
      for (let o = 0; o < outputs; o++) {
        const slope = outputGradient[s * outputs + o]!;
        const row = o * inputs;
        for (let i = 0; i < inputs; i++) into[to + i]! += slope * weight[row + i]!;
      }
    }
  },
});
