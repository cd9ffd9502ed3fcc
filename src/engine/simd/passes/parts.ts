/** A stretch of a batch's samples. */
export interface Part {
  readonly first: number;
  readonly samples: number;
  /** Of the whole batch: 1 for a batch that is left whole. */
  readonly share: number;
}

/** Below this many multiplications a pass, threads cost more than they save: waking one takes some 10 us. */
const fewestMultiplications = 1_000_000;
/** Fewer rows than this leave the kernels' blocks of rows, and what is packed for them, badly used. */
const fewestSamples = 64;
/** Each part has a gradient of its own, of the network's size. */
export const mostParts = 8;

/**
 * Cuts a batch for threads, or leaves it whole. How it is cut depends on its size alone and never on the number of threads, so that
 * sums keep one order and results one set of bits. Powers of two share out evenly among 1, 2, 4 or 8 threads.
 * @param parameters how many the network has: each sample takes about as many multiplications a pass
 */
export function cut(samples: number, parameters: number): readonly Part[] {
  const most = Math.min(mostParts, samples / fewestSamples, (samples * parameters) / fewestMultiplications);
  const count = most < 2 ? 1 : 2 ** Math.floor(Math.log2(most));
  const start = (part: number): number => Math.floor((part * samples) / count);
  return Array.from({ length: count }, (_, part) => {
    const first = start(part);
    const own = start(part + 1) - first;
    return { first, samples: own, share: own / samples };
  });
}
