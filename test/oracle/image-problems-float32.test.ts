import type { Engine } from '../../src/engine/engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { estimatorNamed } from '../../src/learning/estimators';
import { type Estimate, estimate } from '../../src/run/estimate/estimate';
import { parseProblem } from '../../src/run/estimate/problem';
import { largestError, torchProblems } from './torch-problems';

/*
 * Image problems in float32 against PyTorch's meta-gradients in float64. Phases settle as far as float32 goes, which is some 1e-7 of the
 * gradients that balance there; a contrast of minima that lie beta apart keeps 1e-7 / beta of it.
 */
const bound = (beta: number): number => (Math.abs(beta) >= 0.1 ? 3e-4 : 2.5e-3);

/** The engines of float32 that have image layers, with the steps that a phase takes: each problem is settled to float64's rounding in fewer. */
const engines: readonly { readonly name: string; readonly engine: Engine; readonly steps: number }[] = [
  { name: 'simd', engine: simdEngine({ blas: 'wasm' }), steps: 3000 },
];

describe.each(engines)('in float32, by $name,', ({ engine, steps }) => {
  describe.each(torchProblems)('$name', ({ problem, exact, estimates }) => {
    const file = {
      ...problem,
      free: { ...problem.free, steps, tolerance: 0 },
      nudged: { ...problem.nudged, steps, tolerance: 0 },
    };
    const found = new Map<object, Promise<Estimate>>();
    const ours = (asked: (typeof estimates)[number]) => {
      const own =
        found.get(asked) ?? estimate(parseProblem(file), estimatorNamed(asked.estimator, asked.beta), engine);
      found.set(asked, own);
      return own;
    };

    it.each(estimates)('has the $estimator estimate at beta = $beta', async (asked) => {
      const { metaGradient } = await ours(asked);
      expect(largestError(metaGradient, asked.metaGradient)).toBeLessThan(bound(asked.beta));
    });

    it('has the exact meta-gradient at the end of its free phase, or says that it has none', async () => {
      const { exact: own, exactRefused } = await ours(estimates[0]!);
      if (exact.theta !== undefined && own === null) expect(exactRefused).toMatch(/whole weights/);
      else expect(largestError(own!, exact)).toBeLessThan(bound(1));
    });
  });
});
