/** As in `assembly/multiply-packed.ts`. */
const [deepest, tallest, widest] = [128, 256, 16];

/** Numbers that a product of this depth and width packs columns of its right operand in. */
export const columnRoom = (depth: number, width: number): number =>
  Math.min(deepest, depth) * Math.min(widest, width);

/** What suffices any product, for rows of a left operand that is taken transposed as well. */
export const fullRoom = deepest * (widest + tallest);

/** What a convolution packs weights of so many columns and outputs in, or slopes and windows. */
export const convolutionRoom = (columns: number, outputs: number): number =>
  Math.max(columns * outputs, deepest * (widest + outputs));
