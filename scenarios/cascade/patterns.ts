import type { EpisodeSource } from '../../src/data/episode-source';

/** Memories: each task asks every synapse for +1 or -1, drawn anew, and replays the same. */
export function patterns(synapses: number): EpisodeSource {
  return {
    name: 'memory',
    sample(random) {
      const y = Float64Array.from({ length: synapses }, () => (random.uniform() < 0.5 ? -1 : 1));
      const memory = { samples: 1, inputs: 1, targets: synapses, x: Float64Array.of(1), y };
      return { train: memory, heldOut: memory };
    },
  };
}
