import { Matrix, solve } from 'ml-matrix';
import { conjugateGradient } from '../../src/baselines/conjugate-gradient';
import { RandomStream } from '../../src/core/random';

const stream = new RandomStream('conjugate-gradient', 'seed');
const normals = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());
const products = (matrix: Matrix) => async (vector: Float64Array) =>
  Float64Array.from(matrix.mmul(Matrix.columnVector([...vector])).to1DArray());

describe('conjugate gradient', () => {
  it('solves a positive definite system of n unknowns in n steps', async () => {
    const n = 8;
    const factor = new Matrix(Array.from({ length: n }, () => [...normals(n)]));
    const matrix = factor.mmul(factor.transpose()).add(Matrix.eye(n, n));
    const right = normals(n);
    const x = await conjugateGradient(products(matrix), right, n);
    const exact = solve(matrix, Matrix.columnVector([...right])).to1DArray();
    exact.forEach((value, i) => {
      expect(x[i]).toBeCloseTo(value, 9); // condition number below 1e3, and n steps lose some digits of their own
    });
  });

  it('takes one step for a multiple of the identity, and then stops', async () => {
    let calls = 0;
    const twice = async (vector: Float64Array) => {
      calls++;
      return vector.map((value) => 2 * value);
    };
    expect(await conjugateGradient(twice, Float64Array.of(2, -4), 100)).toEqual(Float64Array.of(1, -2));
    expect(calls).toBe(1);
  });

  it('stops with what it has where a direction has no positive curvature', async () => {
    const x = await conjugateGradient(products(Matrix.diag([-1, -1])), Float64Array.of(1, 1), 5);
    expect(x).toEqual(Float64Array.of(0, 0));
  });
});
