import type { BatchNormLayer } from './layers/batch-norm';
import type { Network } from './network';

/** The session's variable that holds the running statistics of a network's batch-norm layers. It is no parameter: nothing learns it. */
export const runningStatistics = 'runningStatistics';

/** What of each new mean and variance goes into the running ones, as PyTorch's default. */
export const runningMomentum = 0.1;

/** Where the statistics of one batch-norm layer lie. */
export interface RunningFeatures {
  /** Index of the layer in its network. */
  readonly layer: number;
  readonly features: number;
  /** Where its means begin, one a feature; and its variances. */
  readonly mean: number;
  readonly variance: number;
}

/** The layout of `runningStatistics`: layer after layer, in each all means, then all variances. */
export interface RunningLayout {
  /** Twice the features of all batch-norm layers; 0 where there is none. */
  readonly size: number;
  readonly layers: readonly RunningFeatures[];
}

/** The same for every engine, so that what one has written another can read. */
export function runningLayout({ layers }: Network): RunningLayout {
  const placed: RunningFeatures[] = [];
  let size = 0;
  layers.forEach((layer, index) => {
    if (layer.kind !== 'batch-norm') return;
    const { features } = layer as BatchNormLayer;
    placed.push({ layer: index, features, mean: size, variance: size + features });
    size += 2 * features;
  });
  return { size, layers: placed };
}

/** What they are before any step: means of 0, variances of 1. */
export function initialRunningStatistics({ size, layers }: RunningLayout): Float64Array {
  const values = new Float64Array(size);
  for (const { variance, features } of layers) values.fill(1, variance, variance + features);
  return values;
}
