import type { DenseLayer } from '../../../network/layers/dense';
import type { LayerArithmetic } from '../layer-arithmetic';

/** output = weight input + bias; parameters are the weight [outputs][inputs], then the bias [outputs]. */
export const denseArithmetic: LayerArithmetic<DenseLayer> = {
  kind: 'dense',

  forward({ layer, samples, parameters, input, output }) {
    affine(layer, samples, parameters, input, output, false);
  },

  backward({ layer, samples, parameters, input, outputGradient, inputGradient, parameterGradient }) {
    outerProducts(layer, samples, outputGradient, input, parameterGradient, true);
    if (inputGradient !== null) {
      inputGradient.fill(0);
      transposed(layer, samples, parameters, outputGradient, inputGradient);
    }
  },

  // R{output} = weight R{input} + R{weight} input + R{bias}
  forwardTangent(pass) {
    const { layer, samples, parameters, parametersTangent, input, inputTangent, outputTangent } = pass;
    affine(layer, samples, parametersTangent, input, outputTangent, false);
    affine(layer, samples, parameters, inputTangent, outputTangent, true);
  },

  backwardTangent(pass) {
    const { layer, samples, parameters, parametersTangent, input, inputTangent } = pass;
    const { outputGradient, outputGradientTangent, inputGradientTangent, parameterGradientTangent } = pass;
    outerProducts(layer, samples, outputGradientTangent, input, parameterGradientTangent, true);
    outerProducts(layer, samples, outputGradient, inputTangent, parameterGradientTangent, false);
    if (inputGradientTangent !== null) {
      inputGradientTangent.fill(0);
      transposed(layer, samples, parameters, outputGradientTangent, inputGradientTangent);
      transposed(layer, samples, parametersTangent, outputGradient, inputGradientTangent);
    }
  },
};

/** output = weight input + bias, or with `add` output += weight input, without the bias. */
function affine(
  { inputs, outputs, bias: hasBias }: DenseLayer,
  samples: number,
  parameters: Float64Array,
  input: Float64Array,
  output: Float64Array,
  add: boolean,
): void {
  const bias = inputs * outputs;
  for (let s = 0; s < samples; s++) {
    const from = s * inputs;
    for (let o = 0; o < outputs; o++) {
      const row = o * inputs;
      let sum = add ? output[s * outputs + o]! : hasBias ? parameters[bias + o]! : 0;
      for (let i = 0; i < inputs; i++) sum += parameters[row + i]! * input[from + i]!;
      output[s * outputs + o] = sum;
    }
  }
}

/** weight gradient += outputGradient input^T summed over samples, and the bias gradient where `withBias`. */
function outerProducts(
  { inputs, outputs, bias: hasBias }: DenseLayer,
  samples: number,
  outputGradient: Float64Array,
  input: Float64Array,
  gradient: Float64Array,
  withBias: boolean,
): void {
  const bias = inputs * outputs;
  for (let s = 0; s < samples; s++) {
    const from = s * inputs;
    for (let o = 0; o < outputs; o++) {
      const slope = outputGradient[s * outputs + o]!;
      const row = o * inputs;
      for (let i = 0; i < inputs; i++) gradient[row + i]! += slope * input[from + i]!;
      if (withBias && hasBias) gradient[bias + o]! += slope;
    }
  }
}

/** inputGradient += weight^T outputGradient. */
function transposed(
  { inputs, outputs }: DenseLayer,
  samples: number,
  parameters: Float64Array,
  outputGradient: Float64Array,
  inputGradient: Float64Array,
): void {
  for (let s = 0; s < samples; s++) {
    const to = s * inputs;
    for (let o = 0; o < outputs; o++) {
      const slope = outputGradient[s * outputs + o]!;
      const row = o * inputs;
      for (let i = 0; i < inputs; i++) inputGradient[to + i]! += slope * parameters[row + i]!;
    }
  }
}
