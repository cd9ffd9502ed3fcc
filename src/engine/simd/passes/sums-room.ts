/** Numbers of float32 that the sums of a part take: its rows, one that is unused, and two a column, in float64. */
export const sumsRoom = (width: number): number => 2 * (2 + 2 * width);
