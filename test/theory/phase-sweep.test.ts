import { DivergenceError, InputError } from '../../src/core/errors';
import { contrastive } from '../../src/learning/contrastive';
import { estimatorNamed, forward } from '../../src/learning/estimators';
import { nesterov, sgd } from '../../src/learning/optimizers';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type PhaseSweepOptions, sweepPhases } from '../../src/theory/phase-sweep';
import { oneSynapseOptions, simulateOne } from '../learning/one-synapse';

const { network, task, initial } = oneSynapseOptions();

const sweepOne = (change: Partial<PhaseSweepOptions> = {}) =>
  sweepPhases({
    network,
    task,
    initial,
    rules: plainExecutor(),
    optimizer: nesterov({ rate: 0.05 }),
    free: 12,
    nudged: [4, 6, 12],
    estimator: forward,
    betas: [0.1, 1],
    ...change,
  });

/** The same by a simulation of its own. */
async function estimateAlone(name: string, beta: number, free: number, nudged: number) {
  const phase = { optimizer: nesterov({ rate: 0.05 }), tolerance: 0 };
  const simulation = simulateOne({
    rule: contrastive({
      estimator: estimatorNamed(name, beta),
      free: { ...phase, steps: free },
      nudged: { ...phase, steps: nudged },
    }),
  });
  const result = await simulation.estimate();
  await simulation.close();
  return result;
}

describe('a sweep over nudging strengths and lengths of phases', () => {
  test.each(['forward', 'symmetric', 'p4'])(
    'gives the bits that the estimator %s gives by itself at each of them',
    async (name) => {
      const { free, estimates, divergedAt } = await sweepOne({
        estimator: (beta) => estimatorNamed(name, beta),
      });
      expect(divergedAt).toBeNull();
      expect(estimates.map(({ beta, nudged }) => [beta, nudged])).toEqual(
        [0.1, 1].flatMap((beta) => [4, 6, 12].map((nudged) => [beta, nudged])),
      );
      for (const { beta, nudged, residual, metaGradient } of estimates) {
        const alone = await estimateAlone(name, beta, 12, nudged);
        expect(metaGradient).toEqual(alone.metaGradient);
        expect(free.phi).toEqual(alone.equilibria.get(0));
        const [freeEnd, ...nudgedEnds] = alone.phases.map((phase) => phase.residual);
        expect(free.residual).toBe(freeEnd);
        expect(residual).toBe(Math.max(...nudgedEnds));
      }
    },
  );

  test('goes no further than the strength whose phase diverges, and says which', async () => {
    // The curvature is 2.5 + 2 beta, so a step multiplies the distance by -1.25 at beta = 1 (below 1e4 after 40), by -100 at 100.
    const { estimates, divergedAt } = await sweepOne({
      optimizer: sgd({ rate: 0.5 }),
      betas: [0.1, 1, 100, 1000],
      free: 40,
      nudged: [40],
    });
    expect(divergedAt).toBe(100);
    expect(estimates.map(({ beta }) => beta)).toEqual([0.1, 1]);
  });

  test('fails where the free phase diverges', async () => {
    await expect(sweepOne({ optimizer: sgd({ rate: 100 }) })).rejects.toThrow(DivergenceError);
  });

  test.each([
    ['nudging strengths', { betas: [1, 0.1] }],
    ['nudging strengths', { betas: [] }],
    ['steps of the nudged phases', { nudged: [6, 6] }],
  ])('refuses %s that do not ascend', async (what, change) => {
    await expect(sweepOne(change)).rejects.toThrow(InputError);
    await expect(sweepOne(change)).rejects.toThrow(`The ${what} do not ascend`);
  });
});
