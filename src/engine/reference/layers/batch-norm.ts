import type { BatchNormLayer } from '../../../network/layers/batch-norm';
import type { FeatureStatistics, LayerArithmetic, LayerPass } from '../layer-arithmetic';

/** Where a feature's numbers lie: `pixels` in a row, once a sample. */
interface Feature {
  readonly index: number;
  readonly samples: number;
  readonly pixels: number;
  readonly features: number;
  /** How many numbers it has. */
  readonly count: number;
  readonly mean: number;
  /** 1 / sqrt(variance + epsilon). */
  readonly scale: number;
}

/** The mean over all numbers of a feature of `value(i)`. */
function meanOf({ index, samples, pixels, features, count }: Feature, value: (i: number) => number): number {
  let sum = 0;
  for (let s = 0; s < samples; s++) {
    const from = (s * features + index) * pixels;
    for (let i = from; i < from + pixels; i++) sum += value(i);
  }
  return sum / count;
}

function each({ index, samples, pixels, features }: Feature, visit: (i: number) => void): void {
  for (let s = 0; s < samples; s++) {
    const from = (s * features + index) * pixels;
    for (let i = from; i < from + pixels; i++) visit(i);
  }
}

type Normalised = Pick<LayerPass<BatchNormLayer>, 'layer' | 'samples' | 'input'>;

/** A feature, and its biased variance. */
function measured(
  { layer, samples, input }: Normalised,
  index: number,
): Feature & { readonly variance: number } {
  const { features, epsilon } = layer;
  const pixels = input.length / (samples * features);
  const place = { index, samples, pixels, features, count: samples * pixels, mean: 0, scale: 1 };
  const mean = meanOf(place, (i) => input[i]!);
  const variance = meanOf(place, (i) => (input[i]! - mean) ** 2);
  return { ...place, mean, variance, scale: 1 / Math.sqrt(variance + epsilon) };
}

function featureOf(pass: Normalised & Pick<LayerPass, 'running'>, index: number): Feature {
  const feature = measured(pass, index);
  if (pass.running == null) return feature;
  const { mean, variance } = pass.running;
  return { ...feature, mean: mean[index]!, scale: 1 / Math.sqrt(variance[index]! + pass.layer.epsilon) };
}

/** The means and unbiased variances of the batch that a pass went over last; NaN where a feature is one number, which has none. */
export function batchStatistics(pass: Normalised, into: FeatureStatistics): void {
  for (let f = 0; f < pass.layer.features; f++) {
    const { mean, variance, count } = measured(pass, f);
    into.mean[f] = mean;
    into.variance[f] = count === 1 ? Number.NaN : (variance * count) / (count - 1);
  }
}

/**
 * output = gain n + threshold with n = scale (a - mean a), feature by feature. Both n's change along a direction and the gradient by `a` go through
 * the same projection, P(u) = u - mean u - n mean(n u): R{n} = scale P(R{a}), and dL/da = scale P(gain dL/doutput).
 */
export const batchNormArithmetic: LayerArithmetic<BatchNormLayer> = {
  kind: 'batch-norm',

  forward(pass) {
    const { layer, parameters, input, output } = pass;
    const [gain, threshold] = parameters;
    for (let f = 0; f < layer.features; f++) {
      const feature = featureOf(pass, f);
      const { mean, scale } = feature;
      const [g, t] = [gain![f]!, threshold![f]!];
      each(feature, (i) => {
        output[i] = g * (input[i]! - mean) * scale + t;
      });
    }
  },

  backward(pass) {
    const { layer, parameters, input, outputGradient, inputGradient, parameterGradients } = pass;
    const [gainGradient, thresholdGradient] = parameterGradients;
    for (let f = 0; f < layer.features; f++) {
      const feature = featureOf(pass, f);
      const { mean, scale, count } = feature;
      const n = (i: number): number => (input[i]! - mean) * scale;
      const sum = meanOf(feature, (i) => outputGradient[i]!);
      const along = meanOf(feature, (i) => outputGradient[i]! * n(i));
      if (gainGradient != null) gainGradient[f]! += count * along;
      if (thresholdGradient != null) thresholdGradient[f]! += count * sum;
      if (inputGradient === null) continue;
      const factor = scale * parameters[0]![f]!;
      each(feature, (i) => {
        inputGradient[i] = factor * (outputGradient[i]! - sum - n(i) * along);
      });
    }
  },

  forwardTangent(pass) {
    const { layer, parameters, parameterTangents, input, inputTangent, outputTangent } = pass;
    for (let f = 0; f < layer.features; f++) {
      const feature = featureOf(pass, f);
      const { mean, scale } = feature;
      const n = (i: number): number => (input[i]! - mean) * scale;
      const sum = meanOf(feature, (i) => inputTangent[i]!);
      const along = meanOf(feature, (i) => inputTangent[i]! * n(i));
      const gain = parameters[0]![f]!;
      const [gainTangent, thresholdTangent] = [parameterTangents[0]![f]!, parameterTangents[1]![f]!];
      each(feature, (i) => {
        const change = scale * (inputTangent[i]! - sum - n(i) * along);
        outputTangent[i] = gainTangent * n(i) + gain * change + thresholdTangent;
      });
    }
  },

  backwardTangent(pass) {
    const { layer, parameters, parameterTangents, input, inputTangent } = pass;
    const { outputGradient, outputGradientTangent, inputGradientTangent, parameterGradientTangents } = pass;
    const [gainProduct, thresholdProduct] = parameterGradientTangents;
    for (let f = 0; f < layer.features; f++) {
      const feature = featureOf(pass, f);
      const { mean, scale, count } = feature;
      const n = (i: number): number => (input[i]! - mean) * scale;
      const meanTangent = meanOf(feature, (i) => inputTangent[i]!);
      const alongTangent = meanOf(feature, (i) => inputTangent[i]! * n(i));
      /** R{n}. */
      const change = (i: number): number => scale * (inputTangent[i]! - meanTangent - n(i) * alongTangent);
      if (gainProduct != null) {
        gainProduct[f]! +=
          count * meanOf(feature, (i) => outputGradientTangent[i]! * n(i) + outputGradient[i]! * change(i));
      }
      if (thresholdProduct != null)
        thresholdProduct[f]! += count * meanOf(feature, (i) => outputGradientTangent[i]!);
      if (inputGradientTangent === null) continue;
      const [gain, gainTangent] = [parameters[0]![f]!, parameterTangents[0]![f]!];
      /** The gradient by n, and its change. */
      const u = (i: number): number => gain * outputGradient[i]!;
      const uTangent = (i: number): number =>
        gainTangent * outputGradient[i]! + gain * outputGradientTangent[i]!;
      const [sum, along] = [meanOf(feature, u), meanOf(feature, (i) => u(i) * n(i))];
      const sumTangent = meanOf(feature, uTangent);
      const changeAlong = meanOf(feature, (i) => uTangent(i) * n(i) + u(i) * change(i));
      // R{scale} / scale.
      const growth = -scale * alongTangent;
      each(feature, (i) => {
        const projected = u(i) - sum - n(i) * along;
        const projectedTangent = uTangent(i) - sumTangent - change(i) * along - n(i) * changeAlong;
        inputGradientTangent[i] = scale * (growth * projected + projectedTangent);
      });
    }
  },
};
