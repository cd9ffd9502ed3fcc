import type { ModulationLayer } from '../../../network/layers/modulation';
import type { LayerArithmetic } from '../layer-arithmetic';

/** output = gain input + threshold, neuron by neuron. */
export const modulationArithmetic: LayerArithmetic<ModulationLayer> = {
  kind: 'modulation',

  forward({ layer: { neurons }, parameters: [gain, threshold], input, output }) {
    for (let i = 0; i < output.length; i++) {
      const neuron = i % neurons;
      output[i] = gain![neuron]! * input[i]! + threshold![neuron]!;
    }
  },

  backward({
    layer: { neurons },
    parameters: [gain],
    input,
    outputGradient,
    inputGradient,
    parameterGradients,
  }) {
    const [gainGradient, thresholdGradient] = parameterGradients;
    for (let i = 0; i < outputGradient.length; i++) {
      const neuron = i % neurons;
      const slope = outputGradient[i]!;
      if (gainGradient != null) gainGradient[neuron]! += slope * input[i]!;
      if (thresholdGradient != null) thresholdGradient[neuron]! += slope;
      if (inputGradient !== null) inputGradient[i] = slope * gain![neuron]!;
    }
  },

  forwardTangent({
    layer: { neurons },
    parameters: [gain],
    parameterTangents,
    input,
    inputTangent,
    outputTangent,
  }) {
    const [gainTangent, thresholdTangent] = parameterTangents;
    for (let i = 0; i < outputTangent.length; i++) {
      const neuron = i % neurons;
      outputTangent[i] =
        gain![neuron]! * inputTangent[i]! + gainTangent![neuron]! * input[i]! + thresholdTangent![neuron]!;
    }
  },

  backwardTangent(pass) {
    const { parameters, parameterTangents, input, inputTangent, outputGradient, outputGradientTangent } =
      pass;
    const { inputGradientTangent, parameterGradientTangents, layer } = pass;
    const [gain] = parameters;
    const [gainTangent] = parameterTangents;
    const [gainProduct, thresholdProduct] = parameterGradientTangents;
    for (let i = 0; i < outputGradient.length; i++) {
      const neuron = i % layer.neurons;
      const [slope, slopeTangent] = [outputGradient[i]!, outputGradientTangent[i]!];
      if (gainProduct != null) gainProduct[neuron]! += slopeTangent * input[i]! + slope * inputTangent[i]!;
      if (thresholdProduct != null) thresholdProduct[neuron]! += slopeTangent;
      if (inputGradientTangent !== null) {
        inputGradientTangent[i] = slopeTangent * gain![neuron]! + slope * gainTangent![neuron]!;
      }
    }
  },
};
