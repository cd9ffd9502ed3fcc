import { multiplications } from '../../../network/multiplications';
import type { Network } from '../../../network/network';
import { layoutOf } from './activation-places';

/** A stretch of a batch's samples. */
export interface Part {
  readonly first: number;
  readonly samples: number;
  /** Of the whole batch: 1 for a batch that is left whole. */
  readonly share: number;
}

/** Below this many multiplications a pass, threads cost more than they save: waking one takes some 10 us. */
const fewestMultiplications = 1_000_000;
/** Fewer rows than this leave the kernels' blocks of rows, and what is packed for them, badly used; an image has a row a pixel. */
const fewestSamples = 64;
/** Each part has a gradient of its own, of the network's size. */
export const mostParts = 8;

/**
 * Cuts a batch for threads, or leaves it whole. How it is cut depends on its size alone and never on the number of threads, so that
 * sums keep one order and results one set of bits. Powers of two share out evenly among 1, 2, 4 or 8 threads.
 * @param multiplications that each sample takes, about, in a pass
 * @param fewest samples of a part
 */
export function cut(samples: number, multiplications: number, fewest = fewestSamples): readonly Part[] {
  const most = Math.min(mostParts, samples / fewest, (samples * multiplications) / fewestMultiplications);
  const count = most < 2 ? 1 : 2 ** Math.floor(Math.log2(most));
  const start = (part: number): number => Math.floor((part * samples) / count);
  return Array.from({ length: count }, (_, part) => {
    const first = start(part);
    const own = start(part + 1) - first;
    return { first, samples: own, share: own / samples };
  });
}

/** A batch that is left whole. */
export const wholeBatch = (samples: number): readonly Part[] => [{ first: 0, samples, share: 1 }];

/** The same for the samples of a network. */
export function cutFor(network: Network, samples: number): readonly Part[] {
  const isOfImages = network.shapes.some((shape) => layoutOf(shape).rows > 1);
  return cut(samples, multiplications(network), isOfImages ? 1 : fewestSamples);
}
