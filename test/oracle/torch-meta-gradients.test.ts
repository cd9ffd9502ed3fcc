import { estimatorNamed } from '../../src/learning/estimators';
import { type Estimate, estimate } from '../../src/run/estimate/estimate';
import { parseProblem } from '../../src/run/estimate/problem';
import { largestError, torchProblems } from './torch-problems';

/*
 * Image problems against a second implementation: PyTorch in float64, with the full Hessian by its autograd, at minima that Newton's method
 * has polished. Ours ends its phases at a residual of 1e-12, so that 1e-8 leaves room for the curvature and for 1 / beta.
 */
const tolerance = 1e-8;

describe.each(torchProblems)('$name, beside PyTorch', ({ problem, exact, estimates }) => {
  const found = new Map<object, Promise<Estimate>>();
  const ours = (asked: (typeof estimates)[number]) => {
    const { estimator, beta } = asked;
    const own =
      found.get(asked) ?? estimate(parseProblem(problem), estimatorNamed(estimator, beta), 'reference');
    found.set(asked, own);
    return own;
  };

  it('has the same exact meta-gradient', async () => {
    const { exact: own, exactRefused, residual } = await ours(estimates[0]!);
    expect(exactRefused).toBeNull();
    expect(residual.free).toBeLessThan(1e-12);
    expect(largestError(own!, exact)).toBeLessThan(tolerance);
  });

  it.each(estimates)('has the same $estimator estimate at beta = $beta', async (asked) => {
    const { metaGradient } = await ours(asked);
    expect(largestError(metaGradient, asked.metaGradient)).toBeLessThan(tolerance);
  });
});
