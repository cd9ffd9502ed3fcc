import type { Batch } from '../../../src/data/batch';
import type { Session } from '../../../src/engine/engine';

/**
 * Step of the five-point central difference, for numbers near 1. The fifth derivative leaves an error of about
 * h^4/30 = 1e-16, and rounding one of about 1e-16/h = 1e-12. No relu unit gets over its kink by so little.
 */
const h = 2e-4;
const stencil = [
  [-2, 1 / 12],
  [-1, -2 / 3],
  [1, 2 / 3],
  [2, -1 / 12],
] as const;

/**
 * What a difference may be off by, relative to the largest entry, which may be as small as 1e-3: rounding of
 * 1e-12/1e-3, as it is.
 */
export const differenceTolerance = 1e-9;

/** dL/dphi, or that by another variable, by central differences of the loss. */
export async function differencedGradient(
  session: Session,
  batch: Batch,
  variable = 'phi',
): Promise<Float64Array> {
  const phi = await session.read(variable);
  const gradient = new Float64Array(phi.length);
  for (let i = 0; i < phi.length; i++) {
    for (const [steps, weight] of stencil) {
      const moved = phi.slice();
      moved[i]! += steps * h;
      await session.write(variable, moved);
      gradient[i]! += (weight * (await session.evaluate(batch)).loss) / h;
    }
  }
  await session.write(variable, phi);
  return gradient;
}

/** (d2L/dphi2) vector by a central difference of the gradient along it. */
export async function differencedHessianVector(
  session: Session,
  batch: Batch,
  vector: Float64Array,
): Promise<Float64Array> {
  const phi = await session.read('phi');
  const product = new Float64Array(phi.length);
  for (const [steps, weight] of stencil) {
    const moved = phi.map((value, i) => value + steps * h * vector[i]!);
    await session.write('phi', moved);
    const gradient = await session.gradient(batch);
    for (let i = 0; i < product.length; i++) product[i]! += (weight * gradient[i]!) / h;
  }
  await session.write('phi', phi);
  return product;
}

/** Largest difference of any entry, over the largest entry of `truth`, or over 1e-3 where all are smaller. */
export function relativeDifference(got: Float64Array, truth: Float64Array): number {
  const largest = (values: Float64Array): number => Math.max(...values.map(Math.abs));
  return largest(truth.map((value, i) => value - got[i]!)) / Math.max(largest(truth), 1e-3);
}
