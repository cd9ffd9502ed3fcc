import { EigenvalueDecomposition, type Matrix } from 'ml-matrix';

/** Eigenvalues of a symmetric matrix, and a column of eigenvectors for each. */
export interface SymmetricEigen {
  readonly values: readonly number[];
  readonly vectors: Matrix;
}

/** All eigenvalues and eigenvectors, worked out at once. */
export function eigenHere(matrix: Matrix): SymmetricEigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
}
