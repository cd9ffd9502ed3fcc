import { NoExactGradientError } from '../core/errors';
import { norm } from '../core/norm';

/** A term that has grown by this over the first one is not going to shrink again. */
const mostGrowth = 1e3;

/**
 * rate sum_k (I - rate A)^k b for k = 0 to terms - 1, which tends to A^-1 b where 0 < rate < 2 / (largest eigenvalue of A), for a
 * symmetric positive definite A that is given by its products. Each term but the first takes one product.
 * @throws NoExactGradientError where the terms grow: the series has no limit.
 */
export async function neumannSeries(
  multiply: (vector: Float64Array) => Promise<Float64Array>,
  b: Float64Array,
  { terms, rate }: { readonly terms: number; readonly rate: number },
): Promise<Float64Array> {
  const term = b.map((value) => rate * value);
  const sum = term.slice();
  const first = norm(term);
  for (let k = 1; k < terms; k++) {
    const product = await multiply(term);
    for (let i = 0; i < term.length; i++) {
      term[i]! -= rate * product[i]!;
      sum[i]! += term[i]!;
    }
    const length = norm(term);
    if (length <= mostGrowth * first) continue;
    throw new NoExactGradientError({
      what: `The Neumann series has no limit: its term ${k} is ${(length / first).toPrecision(2)} times as long as its first`,
      got: `rate ${rate}`,
      legal: 'a rate below 2 / (largest eigenvalue of the inner Hessian), which must have no negative one',
      advice: `Try a rate of ${Number((rate / 10).toPrecision(2))}, or conjugate gradient, which needs none`,
    });
  }
  return sum;
}
