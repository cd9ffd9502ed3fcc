/** How a sum over samples is cut: single precision keeps its digits where some hundred numbers are added at a time. */
export interface SampleBlocks {
  readonly samples: number;
  /** Samples of a block; the last one may have less. */
  readonly stretch: number;
  readonly blocks: number;
}

/** About as many blocks as each has samples. */
export function sampleBlocks(samples: number): SampleBlocks {
  const stretch = Math.ceil(Math.sqrt(samples));
  return { samples, stretch, blocks: Math.ceil(samples / stretch) };
}
