import fc from 'fast-check';
import { judgeTrust } from '../../../src/theory/trust/trust';
import { toleratedError } from '../../../src/theory/trust/verdict';
import { anyEvidence, goodEvidence, near } from './evidence';

const verdictOf = (change: Parameters<typeof goodEvidence>[0]) => judgeTrust(goodEvidence(change));

const slowEnd = (residual: number, tolerance = 0) =>
  goodEvidence().phases.map((phase) => ({ ...phase, steps: 5000, residual, tolerance }));

describe('a meta-gradient is never called good', () => {
  it('where the estimate at a smaller beta disagrees by what is tolerated', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        fc.pre(evidence.smaller!.agreement!.lambda!.difference > toleratedError);
        expect(judgeTrust(evidence).verdict).not.toBe('good');
      }),
    );
  });

  it('where the inner loss curves downwards at the end of the free phase', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        fc.pre(evidence.curvature!.smallest.value <= 0);
        expect(judgeTrust(evidence)).toMatchObject({ verdict: 'no equilibrium', error: null });
      }),
    );
  });

  it('where its phases ended further from their equilibria than they are apart', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const { phases, curvature, displacement } = evidence;
        const delta = phases.reduce(
          (sum, phase) => sum + (phase.weight * phase.residual) / curvature!.smallest.value,
          0,
        );
        fc.pre(curvature!.smallest.value > 0 && delta > displacement!);
        expect(judgeTrust(evidence).verdict).not.toBe('good');
      }),
    );
  });

  it('because one of its phases ended with a larger gradient, or at a smaller curvature', () => {
    fc.assert(
      fc.property(anyEvidence, fc.double({ min: 1, max: 1e4, noNaN: true }), (evidence, factor) => {
        fc.pre(judgeTrust(evidence).verdict !== 'good');
        const [free, ...nudged] = evidence.phases;
        const phases = [{ ...free!, residual: free!.residual * factor }, ...nudged];
        expect(judgeTrust({ ...evidence, phases }).verdict).not.toBe('good');
        const { smallest, ...curvature } = evidence.curvature!;
        const flatter = { ...smallest, value: smallest.value / factor };
        const there = { ...evidence, curvature: { ...curvature, smallest: flatter } };
        expect(judgeTrust(there).verdict).not.toBe('good');
      }),
    );
  });
});

it('all verdicts are met by the evidence that these laws are tested on', () => {
  const met = new Set(
    fc.sample(anyEvidence, { numRuns: 300, seed: 1 }).map((each) => judgeTrust(each).verdict),
  );
  expect([...met].sort()).toEqual(['biased', 'good', 'no equilibrium', 'noisy']);
});

it('every verdict comes with its reason in numbers', () => {
  fc.assert(
    fc.property(anyEvidence, (evidence) => {
      const { because } = judgeTrust(evidence);
      expect(because).toMatch(/\d/);
      expect(because).not.toMatch(/NaN|undefined|Infinity/);
    }),
  );
});

describe('the verdict', () => {
  it('is good, with its reason in numbers, where all evidence is', () => {
    expect(verdictOf({})).toMatchObject({
      verdict: 'good',
      because:
        'halving beta = 0.1 moves the gradient of lambda by 5 % (cosine 1.0000, norm ratio 1.050), ' +
        'a bias of about 10 %; phases ended with gradients of up to 1.0e-6 at curvatures down to 2.0e-2, noise of 0.084 %',
    });
  });

  it('is biased where a smaller beta moves the estimate, however well the phases settled', () => {
    const smaller = { factor: 64, agreement: { lambda: near(0.6) } };
    const { verdict, because } = verdictOf({ beta: 3, smaller });
    expect(verdict).toBe('biased');
    expect(because).toMatch(
      /^a beta 64 times smaller than 3 moves the gradient of lambda by 60 % .* a bias of about 61 %/,
    );
  });

  it('is biased by the worst of several slow variables', () => {
    const smaller = { factor: 2, agreement: { omega: near(0.4), lambda: near(0.01) } };
    expect(verdictOf({ smaller })).toMatchObject({
      verdict: 'biased',
      error: { worst: { variable: 'omega' }, bias: 0.8 },
    });
  });

  it('takes the order of the estimator for how bias falls with beta', () => {
    const smaller = { factor: 2, agreement: { lambda: near(0.3) } };
    expect(verdictOf({ order: 2, smaller }).error!.bias).toBeCloseTo(0.4, 12);
    expect(verdictOf({ order: 2, smaller: { ...smaller, factor: 4 } }).error!.bias).toBeCloseTo(0.32, 12);
  });

  it('is noisy where the phases ended early, even where noise makes a smaller beta disagree', () => {
    const noisy = { phases: slowEnd(1e-3), smaller: { factor: 2, agreement: { lambda: near(0.9) } } };
    expect(verdictOf(noisy).verdict).toBe('noisy');
    expect(verdictOf(noisy).because).toMatch(
      /^phases ended with gradients of up to 1\.0e-3 .* noise of 84 %/,
    );
  });

  it('is noisy where Lanczos could not tell the curvature from 0', () => {
    const smallest = { value: 0.02, residual: 0.03 };
    const curvature = { ...goodEvidence().curvature!, smallest };
    expect(verdictOf({ curvature }).verdict).toBe('noisy');
  });

  it('is noisy where float32 leaves too little of what phi moved', () => {
    const nearly = { displacement: 1, precision: 'float32' } as const;
    const phases = (weight: number) =>
      goodEvidence().phases.map((phase) => ({ ...phase, residual: 1e-12, weight }));
    expect(verdictOf({ ...nearly, phases: phases(1e3) }).verdict).toBe('good');
    expect(verdictOf({ ...nearly, phases: phases(1e6) }).verdict).toBe('noisy');
    expect(verdictOf({ ...nearly, phases: phases(1e6), precision: 'float64' }).verdict).toBe('good');
  });

  it.each([
    [-1e-3, /a saddle: it curves downwards in some direction .*smallest Hessian eigenvalue -1\.0e-3/],
    [1e-13, /flat in some direction .*smallest Hessian eigenvalue 1\.0e-13/],
  ])('is that there is no equilibrium where the smallest eigenvalue is %d', (value, because) => {
    const curvature = { ...goodEvidence().curvature!, smallest: { value, residual: 0 } };
    const trust = verdictOf({ curvature });
    expect(trust).toMatchObject({ verdict: 'no equilibrium', error: null });
    expect(trust.because).toMatch(because);
  });

  it('is that there is no equilibrium where a phase left every bound', () => {
    const { verdict, because } = verdictOf({ diverged: { beta: 3, step: 395 }, phases: [], smaller: null });
    expect(verdict).toBe('no equilibrium');
    expect(because).toBe('the nudged phase (beta = 3) left every bound at step 395');
  });
});

describe('the estimated bias', () => {
  const product = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  const saturating = (cBeta: number, factor: number) => {
    const [full, less] = [1 / (1 + cBeta), 1 / (1 + cBeta / factor)];
    const agreement = { lambda: { cosine: 1, normRatio: less / full, difference: less / full - 1 } };
    return verdictOf({ smaller: { factor, agreement } }).error!.bias;
  };

  it('of an estimate g/(1 + c beta), which saturates as in Theorem 2, is never less than the true one', () => {
    fc.assert(
      fc.property(product, fc.constantFrom(2, 8, 64), (cBeta, factor) => {
        expect(saturating(cBeta, factor)).toBeGreaterThanOrEqual(cBeta / (1 + cBeta) - 1e-12); // some roundings
      }),
    );
  });

  it('is the nearer to the true one, c beta of the estimate, the smaller the other beta is', () => {
    fc.assert(
      fc.property(product, (cBeta) => {
        const errors = [2, 8, 64].map((factor) => cBeta - saturating(cBeta, factor));
        expect(errors[2]).toBeLessThanOrEqual(errors[1]! + 1e-9 * cBeta);
        expect(errors[1]).toBeLessThanOrEqual(errors[0]! + 1e-9 * cBeta);
        if (cBeta < 6) expect(errors[2]! / cBeta).toBeLessThan(0.1);
      }),
    );
  });
});
