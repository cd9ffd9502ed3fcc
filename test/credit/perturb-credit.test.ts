import fc from 'fast-check';
import { bcmRule } from '../../models/bcm';
import { ojaRule } from '../../models/oja';
import { rewardRule } from '../../models/three-factor';
import { contrastive } from '../../src/learning/contrastive';
import { forward, pForward, symmetric } from '../../src/learning/estimators';
import { adam, heavyBall, sgd } from '../../src/learning/optimizers';
import { type PerturbedSimulation, perturbCredit } from '../../src/learning/perturb-credit/perturb-credit';
import { activityRule } from '../../src/network/credit/activity';
import type { Credit } from '../../src/network/credit/credit';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../src/network/credit/random-feedback';
import { withCredit } from '../../src/network/network';
import type { Rule } from '../../src/synapse/rule';
import { feedbackCreditRule } from '../../src/synapse/rules/credit';
import { type ChainProblem, chainProblem } from './problems';

const before = fc.array(fc.constantFrom('none' as const, 'tanh' as const, 'relu' as const), {
  minLength: 3,
  maxLength: 3,
});
const problems = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 }),
    before,
    bias: fc.boolean(),
    loss: fc.constantFrom('mse' as const, 'cross-entropy' as const),
    samples: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(1e6),
  })
  .map((description) => chainProblem(description));

const estimators = fc.constantFrom(forward(0.2), symmetric(0.1), pForward(3, 0.1));
const optimizers = fc.constantFrom(sgd({ rate: 0.1 }), heavyBall({ rate: 0.05 }), adam({ rate: 0.02 }));

function simulationOf(
  { network, phi, batch, other }: ChainProblem,
  credit: Credit,
  estimator = symmetric(0.1),
  optimizer = heavyBall({ rate: 0.05 }),
): PerturbedSimulation {
  const phase = { optimizer, steps: 3, tolerance: 0 };
  return {
    network: withCredit(network, credit),
    task: { name: 'task', train: batch, heldOut: other },
    rule: contrastive({ estimator, free: phase, nudged: phase, optimizerState: 'keep' }),
    meta: { optimizer: adam({ rate: 0.1 }), learn: ['omega', 'lambda'] },
    initial: { phi, omega: phi.map((value) => 0.3 - value), lambda: 0.3 },
  };
}

/** A rule whose kernels do what their text does not say. */
function cheating(rule: Rule, call: Rule['steps'][number]['kernel']['call']): Rule {
  const steps = rule.steps.map((step, index) =>
    index === 0 ? { ...step, kernel: { ...step.kernel, call } } : step,
  );
  return { ...rule, steps };
}

const honest = { local: true, breaches: [], deviation: 0 };

describe('perturbing what a synapse sees of its neurons', () => {
  it.each([
    ['equilibrium propagation', equilibriumPropagation({ sweeps: 4 })],
    ['dual propagation', dualPropagation()],
    ['feedback alignment', feedbackAlignment()],
    ['direct feedback', directFeedback()],
    ["Oja's rule", activityRule({ rule: ojaRule })],
    ['the BCM rule', activityRule({ rule: bcmRule, buffers: ['threshold'], numbers: { tracking: 0.1 } })],
    [
      'a rule with reward',
      activityRule({ rule: rewardRule, buffers: ['meanPost', 'meanReward'], numbers: { tracking: 0.1 } }),
    ],
  ] as [string, Credit][])(
    'moves no other synapse by a bit, from neurons to slow variables: by %s',
    async (_, credit) => {
      await fc.assert(
        fc.asyncProperty(
          problems,
          estimators,
          optimizers,
          fc.nat(1e6),
          async (problem, estimator, optimizer, seed) => {
            const simulation = simulationOf(problem, credit, estimator, optimizer);
            const { changes, felt, ...rest } = await perturbCredit(simulation, { synapses: 6, seed });
            expect(rest).toEqual(honest);
            // Synapses of neurons that are silent, or have no error, feel nothing of some.
            expect(changes).toBeGreaterThan(0);
            expect(felt).toBeLessThanOrEqual(changes);
          },
        ),
        { numRuns: 12, seed: 5 },
      );
      const { felt, changes } = await perturbCredit(
        simulationOf(chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] }), credit),
      );
      expect(felt).toBeGreaterThan(changes / 4);
    },
    120_000,
  );

  const problem = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });
  const cheats: [string, Rule['steps'][number]['kernel']['call']][] = [
    [
      "a neighbour's pre",
      function (this: { thread: { x: number } }, ...[gradient, error, pre, weight]: never[]) {
        const [g, e, p] = [gradient, error, pre] as unknown as Float64Array[];
        const { x } = this.thread;
        return g![x]! + (weight as unknown as number) * e![x]! * p![(x + 1) % p!.length]!;
      } as never,
    ],
    [
      'a mean of errors over all synapses',
      function (this: { thread: { x: number } }, ...[gradient, error, pre, weight]: never[]) {
        const [g, e, p] = [gradient, error, pre] as unknown as Float64Array[];
        const { x } = this.thread;
        const mean = e!.reduce((sum, value) => sum + value, 0) / e!.length;
        return g![x]! + (weight as unknown as number) * (e![x]! - mean) * p![x]!;
      } as never,
    ],
  ];
  it.each(cheats)('catches a rule that reads %s', async (_, call) => {
    const credit = { ...feedbackAlignment(), rule: cheating(feedbackCreditRule, call) };
    const { local, breaches, deviation } = await perturbCredit(simulationOf(problem, credit));
    expect({ local, deviation }).toEqual({ local: false, deviation: 0 });
    // It shows in phi, and from there in both slow variables.
    const variables = new Set(breaches.map(({ variable }) => variable));
    for (const name of ['phi at beta = 0', 'omega', 'lambda']) expect(variables).toContain(name);
    for (const { changed, affected } of breaches) expect(affected).not.toBe(changed);
  });

  it('catches a rule that remembers what it was called with before', async () => {
    let last = 0;
    const call = function (
      this: { thread: { x: number } },
      gradient: Float64Array,
      error: Float64Array,
      pre: Float64Array,
      weight: number,
    ) {
      const { x } = this.thread;
      const own = gradient[x]! + weight * (error[x]! + 0.1 * last) * pre[x]!;
      last = error[x]!;
      return own;
    };
    const credit = { ...feedbackAlignment(), rule: cheating(feedbackCreditRule, call as never) };
    expect((await perturbCredit(simulationOf(problem, credit))).local).toBe(false);
  });

  it('refuses a network by backprop, whose synapses see no neurons', async () => {
    const { network } = problem;
    await expect(perturbCredit({ ...simulationOf(problem, feedbackAlignment()), network })).rejects.toThrow(
      /nothing to perturb/,
    );
  });
});
