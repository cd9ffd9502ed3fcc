/**
 * Eigenvalues at or below this fraction of the largest one count as zero. Hessian-vector products carry
 * rounding of about 1e-15 of the largest eigenvalue in each entry; below 1e-12 a solve keeps no digit that one
 * could rely on.
 */
export const singularFraction = 1e-12;
