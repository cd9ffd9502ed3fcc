import { dot } from '../../core/dot';
import type { RandomStream } from '../../core/random';

/** Random vectors: each two of them are a sample of both norms, so that six give fifteen. */
const probes = 6;

/** Frobenius norms of a matrix J and of its antisymmetric part (J - J')/2. */
export interface Asymmetry {
  readonly whole: number;
  readonly antisymmetric: number;
}

/**
 * Estimates both from products alone: for normal vectors u, v of unit variance the mean of (u . A v)^2 is ||A||^2. Exactly 0 where J is symmetric, but for
 * what is wrong in the products.
 */
export async function measureAsymmetry(
  multiply: (vector: Float64Array) => Promise<Float64Array>,
  size: number,
  random: RandomStream,
): Promise<Asymmetry> {
  const vectors = Array.from({ length: probes }, () =>
    Float64Array.from({ length: size }, () => random.normal()),
  );
  const products: Float64Array[] = [];
  for (const vector of vectors) products.push(await multiply(vector));
  let [whole, antisymmetric, pairs] = [0, 0, 0];
  for (let i = 0; i < probes; i++) {
    for (let j = i + 1; j < probes; j++) {
      const [there, back] = [dot(vectors[i]!, products[j]!), dot(vectors[j]!, products[i]!)];
      whole += (there ** 2 + back ** 2) / 2;
      antisymmetric += ((there - back) / 2) ** 2;
      pairs++;
    }
  }
  return { whole: Math.sqrt(whole / pairs), antisymmetric: Math.sqrt(antisymmetric / pairs) };
}
