import { InputError } from '../core/errors';
import { type Batch, concatBatches } from '../data/batch';
import type { EpisodeData } from '../data/episode-source';
import type { Network } from '../network/network';

/**
 * Training and held-out data as one batch, for methods that take no notice of which is which.
 * @throws InputError where a layer couples a batch's samples: then the joined batch is no longer a mean over both.
 */
export function allSamples(method: string, network: Network, { train, heldOut }: EpisodeData): Batch {
  const coupling = network.layers.find(({ couplesSamples }) => couplesSamples);
  if (coupling === undefined) return concatBatches(train, heldOut);
  throw new InputError({
    what: `Method "${method}" joins training and held-out data, which layer "${coupling.kind}" would normalise together`,
    got: coupling.kind,
    legal: 'networks whose samples are worked out each by itself',
    advice: 'Take another method, or a network without batch norm',
  });
}
