import type { Layer } from '../../../network/layer';
import type { LayerArithmetic, LayerPass } from '../layer-arithmetic';

type Arrays<L extends Layer> = Pick<LayerPass<L>, 'layer' | 'samples' | 'inputShape' | 'outputShape'>;

/** A product of weights with inputs that is linear in each, and its two transposes. All add to what `into` holds. */
interface Product<L extends Layer> {
  readonly kind: L['kind'];
  /** into += weight input. */
  output(of: Arrays<L>, weight: Float64Array, input: Float64Array, into: Float64Array): void;
  /** into += the gradient by the weight, summed over samples. */
  weightGradient(of: Arrays<L>, outputGradient: Float64Array, input: Float64Array, into: Float64Array): void;
  /** into += the gradient by the input. */
  inputGradient(of: Arrays<L>, weight: Float64Array, outputGradient: Float64Array, into: Float64Array): void;
}

/**
 * The arithmetic of output = weight input + bias, for any such product: by the product rule, with R{} for directional derivatives,
 * R{output} = weight R{input} + R{weight} input + R{bias}, and backwards alike. The first parameter is the weight; the bias, one entry for each
 * [output, ...] of the output's shape, may be missing.
 */
export function bilinear<L extends Layer>(product: Product<L>): LayerArithmetic<L> {
  return {
    kind: product.kind,

    forward(pass) {
      const [weight, bias] = pass.parameters;
      startFrom(bias, pass, pass.output);
      product.output(pass, weight!, pass.input, pass.output);
    },

    backward(pass) {
      const { outputGradient, inputGradient, parameterGradients, parameters } = pass;
      const [weightGradient, biasGradient] = parameterGradients;
      if (weightGradient != null) product.weightGradient(pass, outputGradient, pass.input, weightGradient);
      if (biasGradient != null) addToBias(pass, outputGradient, biasGradient);
      if (inputGradient === null) return;
      inputGradient.fill(0);
      product.inputGradient(pass, parameters[0]!, outputGradient, inputGradient);
    },

    forwardTangent(pass) {
      const { parameters, parameterTangents, outputTangent } = pass;
      const [weightTangent, biasTangent] = parameterTangents;
      startFrom(biasTangent, pass, outputTangent);
      product.output(pass, weightTangent!, pass.input, outputTangent);
      product.output(pass, parameters[0]!, pass.inputTangent, outputTangent);
    },

    backwardTangent(pass) {
      const { parameters, parameterTangents, input, inputTangent } = pass;
      const { outputGradient, outputGradientTangent, inputGradientTangent } = pass;
      const [weightProduct, biasProduct] = pass.parameterGradientTangents;
      if (weightProduct != null) {
        product.weightGradient(pass, outputGradientTangent, input, weightProduct);
        product.weightGradient(pass, outputGradient, inputTangent, weightProduct);
      }
      if (biasProduct != null) addToBias(pass, outputGradientTangent, biasProduct);
      if (inputGradientTangent === null) return;
      inputGradientTangent.fill(0);
      product.inputGradient(pass, parameters[0]!, outputGradientTangent, inputGradientTangent);
      product.inputGradient(pass, parameterTangents[0]!, outputGradient, inputGradientTangent);
    },
  };
}

/** Each output starts from its bias, or from 0 where there is none. */
function startFrom(bias: Float64Array | undefined, { samples }: Arrays<Layer>, output: Float64Array): void {
  if (bias === undefined) {
    output.fill(0);
    return;
  }
  const pixels = output.length / (samples * bias.length);
  for (let from = 0, o = 0; from < output.length; from += pixels, o = (o + 1) % bias.length) {
    output.fill(bias[o]!, from, from + pixels);
  }
}

/** into += the sum of outputGradient over samples, and over the pixels of each output. */
function addToBias({ samples }: Arrays<Layer>, outputGradient: Float64Array, into: Float64Array): void {
  const pixels = outputGradient.length / (samples * into.length);
  for (let from = 0, o = 0; from < outputGradient.length; from += pixels, o = (o + 1) % into.length) {
    for (let i = from; i < from + pixels; i++) into[o]! += outputGradient[i]!;
  }
}
