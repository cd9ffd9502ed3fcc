import fc from 'fast-check';
import { z } from 'zod';
import { adjustableScenario } from '../../../src/run/trust/adjustable-scenario';
import { proposalsFor } from '../../../src/theory/trust/proposals';
import { judgeTrust } from '../../../src/theory/trust/trust';
import type { NeuronEvidence } from '../../../src/theory/trust/trust-evidence';
import { toleratedError } from '../../../src/theory/trust/verdict';
import { creditedProblem } from '../../credit/trust/problem';
import { goodEvidence, near } from './evidence';

const neurons = (
  neural: number,
  surrogate: number,
  change: Partial<NeuronEvidence> = {},
): NeuronEvidence => ({
  ...{ kind: 'equilibrium', nudge: 0.1, order: 1, sweeps: 20, residual: 0.1, asymmetry: 1e-9 },
  settled: { sweeps: 80, residual: 0.001, agreement: { lambda: near(neural) } },
  smaller: { factor: 1024, agreement: { lambda: near(surrogate) } },
  ...change,
});
const judged = (...given: Parameters<typeof neurons>) =>
  judgeTrust(goodEvidence({ neurons: neurons(...given) }));

describe('the error that neurons make', () => {
  const share = fc.double({ min: 1e-4, max: 3, noNaN: true });

  it('is never called good where either part is more than what is tolerated, and the larger one is named', () => {
    fc.assert(
      fc.property(share, share, (neural, surrogate) => {
        const { verdict, error, because } = judged(neural, surrogate);
        expect(because).not.toMatch(/NaN|undefined|Infinity/);
        if (error!.neural + error!.surrogate > toleratedError) {
          expect(verdict).toBe(
            error!.neuralBeyondNoise >= error!.surrogateBeyondNoise ? 'unsettled neurons' : 'surrogate',
          );
        }
      }),
    );
  });

  it('is what estimates differ by, of the judged one, and what is left at either', () => {
    const { error } = judged(0.3, 0.2);
    expect(error!.neural).toBeCloseTo(0.3 / (1 - 0.01), 12);
    expect(error!.surrogate).toBeCloseTo(0.2 * 1.3 * (1024 / 1023), 12);
    const second = judged(0, 0.2, { order: 2, smaller: { factor: 2, agreement: { lambda: near(0.2) } } });
    expect(second.error!.surrogate).toBeCloseTo((0.2 * 4) / 3, 12);
  });

  it('is of any size where phases of settled neurons leave every bound', () => {
    const { verdict, because, error } = judged(0, 0, {
      settled: { sweeps: 80, residual: 0.001, agreement: null },
      smaller: null,
    });
    expect(error!.neural).toBe(Number.POSITIVE_INFINITY);
    expect(verdict).toBe('unsettled neurons');
    expect(because).toMatch(/a phase of the same rates leaves every bound/);
  });

  it('makes no equilibrium of a curvature that products by differences cannot tell from 0', () => {
    expect(judged(0, 0).verdict).toBe('good');
    expect(judged(0, 0, { asymmetry: 0.03 }).verdict).toBe('no equilibrium');
  });
});

describe('what is proposed about credit', () => {
  const present = { credit: 'equilibrium:sweeps=10:dt=0.2:order=synchronous', beta: 0.1 };
  const creditsFor = (trust: Parameters<typeof proposalsFor>[0]) =>
    proposalsFor(trust, present).map((kind) => kind.map(({ credit }) => credit));

  it('is the order that settles best, then more sweeps, where neurons have not settled', () => {
    const [best, more] = creditsFor(judged(0.9, 0));
    expect(best).toEqual(['equilibrium:sweeps=10']);
    expect(more![0]).toMatch(/^equilibrium:sweeps=\d\d+:dt=0\.2:order=synchronous$/);
  });

  it('is a lower nudge, or dyadic neurons, where the surrogate is another loss', () => {
    const [weaker, dual] = creditsFor(judged(0, 0.9));
    expect(weaker![0]).toMatch(/^equilibrium:nudge=0\.00\d:sweeps=10:dt=0\.2/);
    expect(dual).toEqual(['dual']);
  });

  it('is nothing where credit has no words, as by a rule of its own', () => {
    const found = proposalsFor(judged(0.9, 0), { beta: 0.1 }).flat();
    expect(found.filter(({ credit }) => credit !== undefined)).toEqual([]);
  });

  it('is typed as --credit in a scenario, and its trial has that credit', () => {
    const problem = creditedProblem('equilibrium:sweeps=3', { widths: [1, 2, 1] });
    const adjustable = adjustableScenario(
      problem,
      {
        schema: z.object({ beta: z.number() }),
        config: { beta: 0.1 },
        paths: { beta: 'beta' },
        rule: () => problem.rule,
      },
      null,
    );
    expect(adjustable.present).toMatchObject({ credit: 'equilibrium:sweeps=3', beta: 0.1 });
    const changed = adjustable.change({ credit: 'dual:nudge=0.01', beta: 0.05 })!;
    expect(changed.words).toBe('--set beta=0.05 --credit dual:nudge=0.01');
    expect(changed.problem.network.credit).toMatchObject({ kind: 'dual', nudge: 0.01 });
    expect(changed.problem.engine.credit).toBeUndefined();
  });
});
