import fc from 'fast-check';
import { judgeTrust } from '../../../src/theory/trust/trust';
import { toleratedError } from '../../../src/theory/trust/verdict';
import { anyEvidence, goodEvidence, near } from './evidence';

const verdictOf = (change: Parameters<typeof goodEvidence>[0]) => judgeTrust(goodEvidence(change));

const slowEnd = (residual: number, tolerance = 0) =>
  goodEvidence().phases.map((phase) => ({ ...phase, steps: 5000, residual, tolerance }));

describe('a meta-gradient is never called good', () => {
  it('where the estimates at beta and beta/2 disagree by what is tolerated', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        fc.pre(evidence.halved!.lambda!.difference > toleratedError / 2);
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

it('every verdict but good comes with one change, and good with none', () => {
  fc.assert(
    fc.property(anyEvidence, (evidence) => {
      const { verdict, advice, because } = judgeTrust(evidence);
      expect(advice === null).toBe(verdict === 'good');
      expect(because).toMatch(/\d/);
      expect(`${because} ${advice}`).not.toMatch(/NaN|undefined|Infinity/);
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

  it('is biased where halving beta moves the estimate, however well the phases settled', () => {
    const { verdict, because, advice } = verdictOf({ beta: 3, halved: { lambda: near(0.3) } });
    expect(verdict).toBe('biased');
    expect(because).toMatch(/^halving beta = 3 moves the gradient of lambda by 30 % .* a bias of about 60 %/);
    expect(advice).toBe('lower beta to about 0.8'); // 3 x (sqrt(0.1)/2) / 0.6
  });

  it('is biased by the worst of several slow variables', () => {
    const halved = { omega: near(0.4), lambda: near(0.01) };
    expect(verdictOf({ halved })).toMatchObject({
      verdict: 'biased',
      error: { worst: { variable: 'omega' }, bias: 0.8 },
    });
  });

  it('is biased where an estimator of higher order disagrees, although beta/2 does not', () => {
    const other = { ...goodEvidence().other!, agreement: { lambda: near(0.7) } };
    expect(verdictOf({ other }).verdict).toBe('biased');
  });

  it('does not hear an estimator of higher order that has not settled, or has diverged', () => {
    const other = { ...goodEvidence().other!, agreement: { lambda: near(0.7) }, residual: 1e-2 };
    expect(verdictOf({ other }).verdict).toBe('good');
    expect(verdictOf({ other: { ...other, agreement: null, residual: null } }).verdict).toBe('good');
  });

  it('takes the order of the estimator for how bias falls with beta', () => {
    const other = { ...goodEvidence().other!, estimator: 'forward', order: 1 };
    expect(verdictOf({ order: 2, halved: { lambda: near(0.3) }, other }).error!.bias).toBeCloseTo(0.4, 12);
  });

  it('is noisy where the phases ended early, even where noise makes beta/2 disagree', () => {
    const noisy = { phases: slowEnd(1e-3), halved: { lambda: near(0.9) } };
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
    const { verdict, because } = verdictOf({ diverged: { beta: 3, step: 395 }, phases: [], halved: null });
    expect(verdict).toBe('no equilibrium');
    expect(because).toBe('the nudged phase (beta = 3) left every bound at step 395');
  });
});

describe('the estimated bias', () => {
  it('of an estimate g/(1 + c beta), which saturates as in Theorem 2, is never less than the true one', () => {
    const product = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(product, (cBeta) => {
        const [full, half] = [1 / (1 + cBeta), 1 / (1 + cBeta / 2)];
        const halved = { lambda: { cosine: 1, normRatio: half / full, difference: half / full - 1 } };
        const other = { ...goodEvidence().other!, agreement: null, residual: null };
        const { bias } = verdictOf({ halved, other }).error!;
        expect(bias).toBeGreaterThanOrEqual(cBeta / (1 + cBeta) - 1e-12); // some roundings
      }),
    );
  });
});
