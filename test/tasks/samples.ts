import { RandomStream } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';

/** Samples with normal inputs and targets at scales of their own, so that standardising them is no identity. */
export function randomSamples(samples: number, inputs: number, seed: string): Batch {
  const stream = new RandomStream('samples', seed);
  const column = (index: number): number => 5 * index - 3 + 10 ** (index % 3) * stream.normal();
  return {
    samples,
    inputs,
    targets: 1,
    x: Float64Array.from({ length: samples * inputs }, (_, i) => column(i % inputs)),
    y: Float64Array.from({ length: samples }, () => column(1)),
  };
}
