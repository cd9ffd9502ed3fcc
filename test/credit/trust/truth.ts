import { Matrix, solve } from 'ml-matrix';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import type { Network } from '../../../src/network/network';
import type { ChainProblem } from '../problems';

// The exact meta-gradient of a bilevel problem, worked out anew: the minimum of L(train) + lambda/2 |phi - omega|^2 by Newton's method with a full Hessian by
// differences, and the implicit function theorem there.

export interface Slow {
  readonly omega: Float64Array;
  readonly lambda: Float64Array;
}

/** Of the loss that the network's credit is the gradient of; null where Newton's method finds no minimum from phi. */
export async function exactMetaGradient(
  network: Network,
  { batch, other }: Pick<ChainProblem, 'batch' | 'other'>,
  { omega, lambda }: Slow,
  start: Float64Array,
): Promise<Slow | null> {
  const session = await referenceEngine.open(network);
  try {
    const slopeAt = async (phi: Float64Array): Promise<Float64Array> => {
      await session.write('phi', phi);
      const slope = await session.gradient(batch);
      return slope.map((value, i) => value + lambda[i]! * (phi[i]! - omega[i]!));
    };
    const phi = start.slice();
    for (let k = 0; k < 12; k++) {
      const slope = await slopeAt(phi);
      const hessian = await hessianAt(phi, slopeAt);
      const most = Math.max(...slope.map(Math.abs));
      if (!(most < 1e3)) return null;
      if (most < 1e-9) {
        await session.write('phi', phi);
        const outer = await session.gradient(other);
        const solution = solve(hessian, Matrix.columnVector(outer)).to1DArray();
        return {
          omega: Float64Array.from(solution, (value, i) => lambda[i]! * value),
          lambda: Float64Array.from(solution, (value, i) => -(phi[i]! - omega[i]!) * value),
        };
      }
      const step = solve(hessian, Matrix.columnVector(slope)).to1DArray();
      for (let i = 0; i < phi.length; i++) phi[i]! -= step[i]!;
    }
    return null;
  } finally {
    await session.close();
  }
}

async function hessianAt(
  phi: Float64Array,
  slopeAt: (phi: Float64Array) => Promise<Float64Array>,
): Promise<Matrix> {
  const size = phi.length;
  const hessian = new Matrix(size, size);
  for (let j = 0; j < size; j++) {
    const moved = (by: number) => phi.map((value, i) => (i === j ? value + by : value));
    const [ahead, behind] = [await slopeAt(moved(1e-5)), await slopeAt(moved(-1e-5))];
    for (let i = 0; i < size; i++) hessian.set(i, j, (ahead[i]! - behind[i]!) / 2e-5);
  }
  return hessian;
}
