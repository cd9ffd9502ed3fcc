import type { Matrix } from 'ml-matrix';
import { checkNotInterrupted } from '../core/interruption';
import { eigenElsewhere } from './eigen-elsewhere';
import { eigenHere, type SymmetricEigen } from './eigen-here';

/** Up to this many rows take less than the start of a thread. */
const largestHere = 150;

/**
 * All eigenvalues and eigenvectors. Where that takes long it is done in a thread of its own, so that timers and signals are heard, by the
 * same code, to the same bits.
 * @throws Interruption where the signal is aborted.
 */
export async function symmetricEigen(matrix: Matrix, signal?: AbortSignal): Promise<SymmetricEigen> {
  if (matrix.rows <= largestHere) return eigenHere(matrix);
  checkNotInterrupted(signal);
  return eigenElsewhere(matrix, signal);
}
