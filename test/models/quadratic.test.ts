import fc from 'fast-check';
import { quadraticNetwork, quadraticTask } from '../../models/quadratic';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { quadraticProblems } from '../theory/quadratic-problems';

describe('the quadratic model', () => {
  it('has a complex synapse for each coordinate, and nothing else', () => {
    const { size, meta, synapse, outputShape } = quadraticNetwork();
    expect({ size, meta: meta.size, outputShape }).toEqual({ size: 50, meta: 0, outputShape: [1] });
    expect([synapse.fast, ...synapse.meta]).toEqual(['phi', 'omega', 'lambda']);
  });

  it('has the data losses of Appendix E', async () => {
    const starts = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(quadraticProblems, starts, async (problem, start) => {
        const { curvature, trainMinimum, heldOutMinimum } = problem;
        const session = await referenceEngine.open(quadraticNetwork(curvature.length));
        const phi = Float64Array.from(start.slice(0, curvature.length));
        await session.write('phi', phi);
        const { train, heldOut } = quadraticTask(problem);
        for (const [batch, minimum] of [
          [train, trainMinimum],
          [heldOut, heldOutMinimum],
        ] as const) {
          const { loss } = await session.evaluate(batch);
          const expected = phi.reduce(
            (sum, value, i) => sum + (curvature[i]! * (value - minimum[i]!) ** 2) / 2,
            0,
          );
          expect(Math.abs(loss - expected)).toBeLessThan(1e-12); // up to 6 x 180, some roundings each
        }
        await session.close();
      }),
      { numRuns: 30 },
    );
  });

  it('has the diagonal Hessian that was asked for', async () => {
    const curvature = Float64Array.of(1, 0.5, 0.25);
    const problem = {
      curvature,
      trainMinimum: curvature,
      heldOutMinimum: curvature,
      omega: curvature,
      lambda: 1,
    };
    const session = await referenceEngine.open(quadraticNetwork(3));
    const product = await session.hessianVector(quadraticTask(problem).train, Float64Array.of(1, 1, 1));
    // The square of a root: a rounding or two of numbers up to 1.
    product.forEach((value, i) => {
      expect(value).toBeCloseTo(curvature[i]!, 15);
    });
    await session.close();
  });
});
