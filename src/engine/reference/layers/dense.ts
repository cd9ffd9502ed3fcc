import type { DenseLayer } from '../../../network/layers/dense';
import type { LayerArithmetic } from '../layer-arithmetic';

/** output = weight input + bias; weight [outputs][inputs], bias [outputs] or none. */
export const denseArithmetic: LayerArithmetic<DenseLayer> = {
  kind: 'dense',

  forward({ layer, samples, parameters: [weight, bias], input, output }) {
    startFrom(bias, samples, output);
    addAffine(layer, samples, weight!, input, output);
  },

  backward({
    layer,
    samples,
    parameters: [weight],
    input,
    outputGradient,
    inputGradient,
    parameterGradients,
  }) {
    const [weightGradient, biasGradient] = parameterGradients;
    if (weightGradient != null) addOuterProducts(layer, samples, outputGradient, input, weightGradient);
    if (biasGradient != null) addColumns(outputGradient, biasGradient);
    if (inputGradient !== null) {
      inputGradient.fill(0);
      addTransposed(layer, samples, weight!, outputGradient, inputGradient);
    }
  },

  // R{output} = weight R{input} + R{weight} input + R{bias}
  forwardTangent({
    layer,
    samples,
    parameters: [weight],
    parameterTangents,
    input,
    inputTangent,
    outputTangent,
  }) {
    const [weightTangent, biasTangent] = parameterTangents;
    startFrom(biasTangent, samples, outputTangent);
    addAffine(layer, samples, weightTangent!, input, outputTangent);
    addAffine(layer, samples, weight!, inputTangent, outputTangent);
  },

  backwardTangent(pass) {
    const { layer, samples, parameters, parameterTangents, input, inputTangent } = pass;
    const { outputGradient, outputGradientTangent, inputGradientTangent, parameterGradientTangents } = pass;
    const [weightProduct, biasProduct] = parameterGradientTangents;
    if (weightProduct != null) {
      addOuterProducts(layer, samples, outputGradientTangent, input, weightProduct);
      addOuterProducts(layer, samples, outputGradient, inputTangent, weightProduct);
    }
    if (biasProduct != null) addColumns(outputGradientTangent, biasProduct);
    if (inputGradientTangent !== null) {
      inputGradientTangent.fill(0);
      addTransposed(layer, samples, parameters[0]!, outputGradientTangent, inputGradientTangent);
      addTransposed(layer, samples, parameterTangents[0]!, outputGradient, inputGradientTangent);
    }
  },
};

/** Each sample's output starts from the bias, or from 0 where there is none. */
function startFrom(bias: Float64Array | undefined, samples: number, output: Float64Array): void {
  if (bias === undefined) output.fill(0);
  else for (let s = 0; s < samples; s++) output.set(bias, s * bias.length);
}

/** output += weight input. */
function addAffine(
  { inputs, outputs }: DenseLayer,
  samples: number,
  weight: Float64Array,
  input: Float64Array,
  output: Float64Array,
): void {
  for (let s = 0; s < samples; s++) {
    const from = s * inputs;
    for (let o = 0; o < outputs; o++) {
      const row = o * inputs;
      let sum = output[s * outputs + o]!;
      for (let i = 0; i < inputs; i++) sum += weight[row + i]! * input[from + i]!;
      output[s * outputs + o] = sum;
    }
  }
}

/** gradient += outputGradient input^T, summed over samples. */
function addOuterProducts(
  { inputs, outputs }: DenseLayer,
  samples: number,
  outputGradient: Float64Array,
  input: Float64Array,
  gradient: Float64Array,
): void {
  for (let s = 0; s < samples; s++) {
    const from = s * inputs;
    for (let o = 0; o < outputs; o++) {
      const slope = outputGradient[s * outputs + o]!;
      const row = o * inputs;
      for (let i = 0; i < inputs; i++) gradient[row + i]! += slope * input[from + i]!;
    }
  }
}

/** gradient += the sum of outputGradient over samples. */
function addColumns(outputGradient: Float64Array, gradient: Float64Array): void {
  const outputs = gradient.length;
  for (let start = 0; start < outputGradient.length; start += outputs) {
    for (let o = 0; o < outputs; o++) gradient[o]! += outputGradient[start + o]!;
  }
}

/** inputGradient += weight^T outputGradient. */
function addTransposed(
  { inputs, outputs }: DenseLayer,
  samples: number,
  weight: Float64Array,
  outputGradient: Float64Array,
  inputGradient: Float64Array,
): void {
  for (let s = 0; s < samples; s++) {
    const to = s * inputs;
    for (let o = 0; o < outputs; o++) {
      const slope = outputGradient[s * outputs + o]!;
      const row = o * inputs;
      for (let i = 0; i < inputs; i++) inputGradient[to + i]! += slope * weight[row + i]!;
    }
  }
}
