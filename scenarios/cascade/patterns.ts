import type { EpisodeSource } from '../../src/data/episode-source';

/**
 * Memories: each task asks every synapse for +1 or -1, drawn anew, and replays the same.
 * @param first The sign of the first memory: with -1 it is the opposite, and all others are as they are.
 */
export function patterns(synapses: number, first: 1 | -1): EpisodeSource {
  let written = 0;
  return {
    name: 'memory',
    sample(random) {
      const sign = written++ === 0 ? first : 1;
      const y = Float64Array.from({ length: synapses }, () => sign * (random.uniform() < 0.5 ? -1 : 1));
      const memory = { samples: 1, inputs: 1, targets: synapses, x: Float64Array.of(1), y };
      return { train: memory, heldOut: memory };
    },
  };
}
