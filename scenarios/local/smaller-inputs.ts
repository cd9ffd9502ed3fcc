import type { Batch } from '../../src/data/batch';
import type { EpisodeSource } from '../../src/data/episode-source';

/** The same tasks with inputs divided by a number: neurons that saturate see the whole range. */
export function smallerInputs(source: EpisodeSource, by: number): EpisodeSource {
  const smaller = (batch: Batch): Batch => ({ ...batch, x: batch.x.map((x) => x / by) });
  return {
    ...source,
    sample(stream) {
      const data = source.sample(stream);
      return data && { train: smaller(data.train), heldOut: smaller(data.heldOut) };
    },
  };
}
