import { sizeOf } from '../core/shape';
import { formatNpyHeader } from '../data/npy/header';

/** Bytes of a file of so many float64 rows, its head included. */
export const npyBytes = (rowShape: readonly number[], rows: number): number =>
  formatNpyHeader('<f8', rowShape, 0).length + rows * sizeOf(rowShape) * Float64Array.BYTES_PER_ELEMENT;
