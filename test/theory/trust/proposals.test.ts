import fc from 'fast-check';
import type { Change } from '../../../src/theory/trust/adjustable';
import { type Proposals, proposalsFor } from '../../../src/theory/trust/proposals';
import { judgeTrust } from '../../../src/theory/trust/trust';
import type { TrustEvidence } from '../../../src/theory/trust/trust-evidence';
import { anyEvidence, goodEvidence, near } from './evidence';

/** Settings that agree with the evidence. */
function presentOf({ estimator, beta, phases, free, nudged }: TrustEvidence): Change {
  const tolerance = phases[0]?.tolerance ?? 0;
  const steps = phases[0]?.budget ?? 1000;
  return {
    ...{ estimator, beta, strength: 0.1, metaRate: 0.05, engine: 'simd' },
    ...{
      'free.rate': free.rate!,
      'free.momentum': free.momentum,
      'free.steps': steps,
      'free.tolerance': tolerance,
    },
    ...{ 'nudged.rate': nudged.rate!, 'nudged.momentum': nudged.momentum },
    ...{ 'nudged.steps': steps, 'nudged.tolerance': tolerance },
  };
}

function proposed(evidence: TrustEvidence): { readonly present: Change; readonly all: readonly Change[] } {
  const present = presentOf(evidence);
  return { present, all: proposalsFor(judgeTrust(evidence), present).flat() };
}

const diverging = fc
  .record({
    beta: fc.constantFrom(0, 0.1, -0.1, 3),
    steepest: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true })),
  })
  .map(({ beta, steepest }) =>
    goodEvidence({
      ...{ diverged: { beta, step: 7 }, phases: [], curvature: null, smaller: null, loss: null },
      startCurvature:
        steepest === null
          ? null
          : { smallest: { value: 0.1, residual: 0 }, largest: { value: steepest, residual: 0 }, steps: 9 },
    }),
  );

const number = (change: Change, name: keyof Change, present: Change): number =>
  Number(change[name] ?? present[name]);

describe('what is proposed', () => {
  it('keeps rate x (largest eigenvalue) below what is stable, wherever it changes a rate or a strength', () => {
    fc.assert(
      fc.property(fc.oneof(anyEvidence, diverging), (evidence) => {
        const { present, all } = proposed(evidence);
        const curvature = evidence.curvature ?? evidence.startCurvature;
        if (curvature === null) return;
        for (const change of all) {
          const factor = number(change, 'strength', present) / Number(present.strength);
          const added = (factor - 1) * (evidence.penaltyCurvature ?? 0);
          for (const kind of ['free', 'nudged'] as const) {
            if (change[`${kind}.rate`] === undefined && change.strength === undefined) continue;
            const rate = number(change, `${kind}.rate`, present);
            const stable = evidence[kind].stableBelow! / (curvature.largest.value + added);
            // A rate that is not raised may have been too high before: others of the proposals are about that.
            if (factor <= 1 && rate <= Number(present[`${kind}.rate`])) continue;
            if (Number.isFinite(rate)) expect(rate).toBeLessThan(stable);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lowers a rate with which the free phase diverged below what is stable, where that is known', () => {
    fc.assert(
      fc.property(diverging, (evidence) => {
        const { all } = proposed(evidence);
        fc.pre(evidence.diverged!.beta === 0 && evidence.startCurvature !== null);
        const stable = evidence.free.stableBelow! / evidence.startCurvature!.largest.value;
        fc.pre(stable < evidence.free.rate!);
        expect(Math.max(...all.flatMap((change) => Number(change['free.rate'] ?? 0)))).toBeLessThan(stable);
      }),
    );
  });

  it('never asks for as many steps as there are, or fewer', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const { present, all } = proposed(evidence);
        for (const change of all) {
          for (const name of ['free.steps', 'nudged.steps'] as const) {
            if (change[name] !== undefined)
              expect(Number(change[name])).toBeGreaterThan(Number(present[name]));
          }
        }
      }),
    );
  });

  it('is numbers and names alone, to one digit or two', () => {
    fc.assert(
      fc.property(fc.oneof(anyEvidence, diverging), (evidence) => {
        for (const change of proposed(evidence).all) {
          for (const value of Object.values(change)) {
            if (typeof value === 'string') continue;
            expect(Number.isFinite(value)).toBe(true);
            expect(Number(value!.toPrecision(2))).toBe(value);
          }
        }
      }),
    );
  });

  it('ends with a lower rate of meta-learning, which only helps where that has thrown the slow variables', () => {
    const kinds = proposalsFor(judgeTrust(goodEvidence({ phases: [], diverged: { beta: 0, step: 0 } })), {
      metaRate: 50,
    });
    expect(kinds.at(-1)!.map(({ metaRate }) => metaRate)).toEqual([20, 5, 2, 0.5, 0.2, 0.05, 0.02]);
  });

  it('where a negative nudge diverged is the forward estimator first, then rates and weaker nudges', () => {
    const evidence = goodEvidence({ phases: [], diverged: { beta: -0.1, step: 3 } });
    const [first] = proposalsFor(judgeTrust(evidence), presentOf(evidence)) as [Proposals];
    expect(first).toEqual([{ estimator: 'forward' }]);
  });

  it('where rounding is what is in the way in float32, float64 and a louder nudge', () => {
    const phases = goodEvidence().phases.map((phase) => ({ ...phase, residual: 1e-12, weight: 1e6 }));
    const evidence = goodEvidence({ precision: 'float32', displacement: 1, phases });
    const { all, present } = proposed(evidence);
    expect(all[0]).toEqual({ engine: 'reference' });
    expect(all.some(({ beta }) => Number(beta) > Number(present.beta))).toBe(true);
  });

  it('where phi has not moved at all, a nudge that nothing but habit says how strong', () => {
    const evidence = goodEvidence({ beta: 1e-14, displacement: 0 });
    expect(proposed(evidence).all).toEqual(expect.arrayContaining([{ beta: 0.01 }, { beta: 0.1 }]));
  });

  it('where the bias is large, a weaker nudge; and phases that settle better where it would drown in noise', () => {
    const smaller = { factor: 64, agreement: { lambda: near(0.9) } };
    expect(proposed(goodEvidence({ smaller })).all[0]).toMatchObject({ beta: 0.009 });
    const ended = { residual: 2e-5, tolerance: 2e-5 };
    const phases = goodEvidence().phases.map((phase) => ({ ...phase, ...ended }));
    const half = { factor: 2, agreement: { lambda: near(0.45) } };
    const [first] = proposed(goodEvidence({ smaller: half, phases })).all;
    expect(first).toMatchObject({ beta: 0.009, 'free.tolerance': expect.any(Number) });
  });
});
