/** What a machine can do. */
export interface Roof {
  /** 10^9 operations a second of one core, without memory. */
  readonly peak: number;
  /** 10^9 bytes a second. */
  readonly bandwidth: number;
}

/** What a work has to do at least. */
export interface Demand {
  readonly operations: number;
  readonly bytes: number;
}

export interface UnderRoof {
  /** Operations a byte. */
  readonly intensity: number;
  /** What could be reached, in 10^9 operations a second. */
  readonly attainable: number;
  readonly limit: 'arithmetic' | 'memory';
  /** What was reached, in 10^9 operations a second. */
  readonly reached: number;
  /** reached / attainable. */
  readonly share: number;
}

/**
 * The roofline (Williams, Waterman and Patterson 2009): attainable = min(peak, intensity x bandwidth), intensity = operations /
 * bytes. A work whose set fits a cache is held to that cache's bandwidth.
 */
export function underRoof({ operations, bytes }: Demand, milliseconds: number, roof: Roof): UnderRoof {
  const intensity = operations / bytes;
  const byMemory = intensity * roof.bandwidth;
  const attainable = Math.min(roof.peak, byMemory);
  const reached = operations / milliseconds / 1e6;
  const limit = byMemory < roof.peak ? 'memory' : 'arithmetic';
  return { intensity, attainable, limit, reached, share: reached / attainable };
}
