import { dot } from '../core/dot';

/**
 * Solves A x = b for a symmetric positive definite A that is given by its products, in at most `steps` steps.
 * Stops early where the residual is 0 to rounding, or where A shows a direction of no positive curvature: what has been
 * found up to there is the best that the method has.
 */
export async function conjugateGradient(
  multiply: (vector: Float64Array) => Promise<Float64Array>,
  b: Float64Array,
  steps: number,
): Promise<Float64Array> {
  const x = new Float64Array(b.length);
  const residual = b.slice();
  const direction = b.slice();
  const target = dot(b, b) * 1e-30; // squared: 1e-15 of b, the rounding of a float64 sum
  let squared = dot(residual, residual);
  for (let step = 0; step < steps && squared > target; step++) {
    const product = await multiply(direction);
    const curvature = dot(direction, product);
    if (!(curvature > 0)) break;
    const length = squared / curvature;
    for (let i = 0; i < x.length; i++) {
      x[i]! += length * direction[i]!;
      residual[i]! -= length * product[i]!;
    }
    const next = dot(residual, residual);
    for (let i = 0; i < x.length; i++) direction[i] = residual[i]! + (next / squared) * direction[i]!;
    squared = next;
  }
  return x;
}
