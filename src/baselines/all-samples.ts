import { concatBatches } from '../data/batch';
import type { EpisodeData } from '../data/episode-source';
import type { Network } from '../network/network';
import type { StepSamples } from './adapt';

/** Training and held-out data together: their mean loss is `weight` (L(train) + beta L(replay)). */
export interface AllSamples extends StepSamples {
  readonly weight: number;
}

/**
 * Training and held-out data together, for methods that take no notice of which is which. One batch; but where a layer couples the samples of
 * a batch, as batch norm does, two, each with statistics of its own, as everywhere else: then the mean over all samples is that over both
 * batches by their sizes.
 */
export function allSamples({ layers }: Network, { train, heldOut }: EpisodeData): AllSamples {
  if (!layers.some(({ couplesSamples }) => couplesSamples))
    return { train: concatBatches(train, heldOut), replay: null, beta: 0, weight: 1 };
  const weight = train.samples / (train.samples + heldOut.samples);
  return { train, replay: heldOut, beta: heldOut.samples / train.samples, weight };
}
