import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { z } from 'zod';
import { ofLength } from '../core/checks';
import { dot } from '../core/dot';
import { MetaplastError } from '../core/errors';
import { norm } from '../core/norm';
import { type RandomStream, randomStreamSchema } from '../core/random';
import { aFunction, validate } from '../core/validate';

/** Below this fraction of the largest eigenvalue met, what a step adds is rounding: the subspace is invariant. */
const rounding = 1e-14;

/** A symmetric operator, given by what it makes of a vector. */
export type Product = (vector: Float64Array) => Promise<Float64Array>;

/** How far the method of Lanczos goes. */
export interface LanczosOptions {
  /** Length of the operator's vectors. */
  readonly size: number;
  /** Where the random start comes from. */
  readonly random: RandomStream;
  /** Products at the most. Default `size`, with which the values are exact to rounding. */
  readonly steps?: number;
  /** Stop once both residuals are at or below this fraction of their values. Default 1e-10. */
  readonly tolerance?: number;
}

/** An approximation of an eigenvalue, and how near it there is one. */
export interface Eigenvalue {
  readonly value: number;
  /** The norm of A v - value v for its unit vector v: some eigenvalue lies within this of the value. */
  readonly residual: number;
}

/** Approximations of both ends of a spectrum. */
export interface ExtremeEigenvalues {
  /** Never below the smallest eigenvalue, but for rounding: a negative value proves that A is not positive. */
  readonly smallest: Eigenvalue;
  /** Never above the largest eigenvalue, but for rounding. */
  readonly largest: Eigenvalue;
  /** Products taken. */
  readonly steps: number;
}

const lanczosOptions = z.strictObject({
  size: z.int().min(1),
  random: randomStreamSchema,
  steps: z.int().min(1).optional(),
  tolerance: z.number().positive().default(1e-10),
});

/**
 * The smallest and the largest eigenvalue of a symmetric operator A from its products alone, by the method of Lanczos
 * with full reorthogonalisation: after m steps, the extreme eigenvalues of the tridiagonal T = V'AV, V [size][m] an
 * orthonormal basis of the span of v, Av, ..., A^(m-1) v for a random v. The residual is |beta_m s_m|, with s_m the last
 * entry of T's eigenvector. Memory is m vectors. A start leans on each eigenvector by chance: where it leans on the
 * extreme one by a part c of its length only, products stop before the gap beside it is told where gap c <= tolerance.
 * @throws InputError where a size or tolerance is out of range, or a product has another length; MetaplastError where a product is not finite.
 */
export async function extremeEigenvalues(
  multiply: Product,
  options: LanczosOptions,
): Promise<ExtremeEigenvalues> {
  validate(aFunction<Product>(), multiply, "the operator's product");
  const given = validate(lanczosOptions, options, 'the options of extremeEigenvalues');
  const { size, random, steps = size, tolerance } = given;
  const most = Math.min(steps, size);
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let direction = unit(Float64Array.from({ length: size }, () => random.normal()));
  for (let nextLook = 1; ; ) {
    basis.push(direction);
    const product = await multiply(direction);
    check(product, size);
    const image = product.slice();
    diagonal.push(dot(direction, image));
    // Twice is enough (Parlett): what rounding leaves of the basis after the first time is gone after the second.
    for (let time = 0; time < 2; time++) for (const earlier of basis) removePart(image, earlier);
    const left = norm(image);
    checkFinite([diagonal.at(-1)!, left]);
    const scale = Math.max(...diagonal.map(Math.abs), ...beside, norm(product));
    const invariant = left <= rounding * scale;
    const last = invariant || diagonal.length >= most;
    if (last || diagonal.length >= nextLook) {
      const found = extremes(diagonal, beside, left);
      const settled = [found.smallest, found.largest].every(
        ({ value, residual }) => residual <= Math.max(tolerance * Math.abs(value), rounding * scale),
      );
      if (last || settled) return found;
      nextLook = Math.ceil(1.1 * diagonal.length); // a look costs m^3
    }
    beside.push(left);
    direction = unit(image);
  }
}

/** Of the tridiagonal matrix; `left` is the norm of what its next column would hold. */
function extremes(diagonal: readonly number[], beside: readonly number[], left: number): ExtremeEigenvalues {
  const steps = diagonal.length;
  const tridiagonal = Matrix.diag([...diagonal]);
  for (let i = 0; i + 1 < steps; i++) {
    tridiagonal.set(i, i + 1, beside[i]!);
    tridiagonal.set(i + 1, i, beside[i]!);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(tridiagonal, {
    assumeSymmetric: true,
  });
  const at = (value: number): Eigenvalue => {
    const column = realEigenvalues.indexOf(value);
    return { value, residual: Math.abs(left * eigenvectorMatrix.get(steps - 1, column)) };
  };
  return {
    smallest: at(Math.min(...realEigenvalues)),
    largest: at(Math.max(...realEigenvalues)),
    steps,
  };
}

function check(product: Float64Array, size: number): void {
  ofLength("The operator's product", product, size);
  checkFinite(product);
}

/** Products near the largest number may be finite where their norms are not. */
function checkFinite(values: ArrayLike<number>): void {
  const wrong = Array.prototype.find.call(values, (value: number) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new MetaplastError({
    what: 'The operator gave a product that is not finite, so it has no eigenvalues',
    got: wrong,
    advice: 'Check that phi and the slow variables have not left every bound',
  });
}

function unit(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return vector.map((value) => value / length);
}

/** vector <- vector - (vector . along) along. */
function removePart(vector: Float64Array, along: Float64Array): void {
  const part = dot(vector, along);
  for (let i = 0; i < vector.length; i++) vector[i]! -= part * along[i]!;
}
