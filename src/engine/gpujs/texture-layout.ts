/** Columns and rows that a texture may have on every device of WebGL 2. */
const fewestColumns = 2048;

/**
 * The sizes by which GPU.js finds a place for two axes, the fastest first. In textures it lays out what has two dimensions in one of the very
 * same, which may be too wide or too high for a device; what has three, row by row in one that is about a square. What reads it by two indices
 * finds the same there, since the axis in the middle has one place.
 */
export function layoutOf(mode: string, sizes: readonly number[]): readonly number[] {
  const inTextures = mode === 'webgl2' || mode === 'headlessgl';
  const [width, height] = sizes;
  if (!inTextures || height === undefined || Math.max(...sizes) <= fewestColumns) return sizes;
  return [width!, 1, height];
}
