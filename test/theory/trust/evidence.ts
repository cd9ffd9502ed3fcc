import fc from 'fast-check';
import type { Agreement } from '../../../src/theory/trust/agreement';
import type { TrustEvidence } from '../../../src/theory/trust/trust-evidence';

/** Evidence of a meta-gradient that is good by all of it: forward at beta = 0.1, as on Boston. */
export function goodEvidence(change: Partial<TrustEvidence> = {}): TrustEvidence {
  const optimizer = { rate: 0.05, momentum: 0.9, stableBelow: 3.8 / 2.8 };
  const phase = { steps: 1000, budget: 5000, residual: 1e-6, tolerance: 1e-6, weight: 10 };
  return {
    ...{ estimator: 'forward', beta: 0.1, order: 1, phiNorm: 1.4, displacement: 1.2, precision: 'float64' },
    phases: [
      { ...phase, beta: 0 },
      { ...phase, beta: 0.1 },
    ],
    curvature: {
      ...{ smallest: { value: 0.02, residual: 1e-4 }, largest: { value: 10, residual: 1e-9 }, steps: 20 },
    },
    ...{ startCurvature: null, penaltyCurvature: 0.1, loss: { train: 0.1, heldOut: 0.2 }, diverged: null },
    smaller: { factor: 2, agreement: { lambda: near(0.05) } },
    ...{ free: optimizer, nudged: optimizer, strengths: ['lambda'] },
    work: { gradients: 5000, hessianVectors: 20 },
    ...change,
  };
}

/** Another estimate in the same direction, longer by a share. */
export const near = (difference: number): Agreement => ({
  cosine: 1,
  normRatio: 1 + difference,
  difference,
});

const share = fc.double({ min: 1e-4, max: 3, noNaN: true });
const residual = fc.double({ min: 1e-12, max: 1, noNaN: true });

/** Evidence of any kind, with phases that stayed in bounds. */
export const anyEvidence: fc.Arbitrary<TrustEvidence> = fc
  .record({
    beta: fc.double({ min: 1e-6, max: 5, noNaN: true }),
    difference: share,
    factor: fc.constantFrom(2, 4, 64),
    residuals: fc.tuple(residual, residual),
    smallest: fc.double({ min: -1, max: 1, noNaN: true }),
    precision: fc.constantFrom('float32', 'float64'),
    displacement: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    tolerance: fc.constantFrom(0, 1e-6),
  })
  .map(({ beta, difference, factor, residuals, smallest, precision, displacement, tolerance }) =>
    goodEvidence({
      ...{ beta, precision, displacement },
      phases: residuals.map((value, i) => ({
        ...{ beta: i * beta, steps: 500, budget: 1000, residual: value, tolerance, weight: 1 / beta },
      })),
      curvature: {
        ...{ smallest: { value: smallest, residual: 0 }, largest: { value: 5, residual: 0 }, steps: 9 },
      },
      smaller: { factor, agreement: { lambda: near(difference) } },
    }),
  );
