/** As in `assembly/multiply-packed.ts`. */
const [deepest, tallest, widest] = [128, 256, 16];

/** Numbers that a product packs columns of its right operand in. */
export const columnRoom = deepest * widest;
/** The same, and rows of a left one that is taken transposed. */
export const fullRoom = columnRoom + deepest * tallest;
