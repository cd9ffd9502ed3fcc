import fc from 'fast-check';
import { InputError, UnstableNeuronsError } from '../../src/core/errors';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import type { Credit } from '../../src/network/credit/credit';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { feedbackWeights } from '../../src/network/credit/feedback-weights';
import { directFeedback, feedbackAlignment } from '../../src/network/credit/random-feedback';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { dense } from '../../src/network/layers/dense';
import { relu } from '../../src/network/layers/relu';
import { tanh } from '../../src/network/layers/tanh';
import { mse } from '../../src/network/loss';
import { defineNetwork, withCredit } from '../../src/network/network';
import { complexSynapse } from '../../src/synapse/model';
import { defineRule } from '../../src/synapse/rule';
import { type ChainProblem, chainProblem, cosine, differences, relative } from './problems';
import { surrogateOfDual, surrogateOfEquilibrium } from './surrogate';

async function gradientBy(
  credit: Credit | null,
  { network, phi, batch }: ChainProblem,
): Promise<Float64Array> {
  const session = await referenceEngine.open(credit === null ? network : withCredit(network, credit));
  try {
    await session.write('phi', phi);
    return await session.gradient(batch);
  } finally {
    await session.close();
  }
}

const shapes = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })
  .chain((widths) =>
    fc.record({
      widths: fc.constant(widths),
      before: fc.tuple(...widths.slice(1).map(() => fc.constantFrom('none' as const, 'tanh' as const))),
      loss: fc.constantFrom('mse' as const, 'cross-entropy' as const),
      bias: fc.boolean(),
      samples: fc.integer({ min: 1, max: 3 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    }),
  )
  // One class alone is always right: there is no gradient.
  .filter(({ loss, widths }) => loss === 'mse' || widths.at(-1)! > 1);

describe('credit by neurons that have settled', () => {
  // Differences with a step of 1e-5 are exact to 1e-10 of the third derivative and 1e-16/1e-5/b of rounding; 1e-6 is what is promised.
  const tolerance = 1e-6;

  it('is, by equilibrium, the gradient of min (E + b C) / b by finite differences', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.constantFrom(0.1, 0.5),
        fc.constantFrom('top-down' as const, 'synchronous' as const),
        async (shape, nudge, order) => {
          const problem = chainProblem(shape);
          const given = await gradientBy(equilibriumPropagation({ nudge, order, sweeps: 3000 }), problem);
          const right = differences(
            (phi) => surrogateOfEquilibrium(problem.network, phi, problem.batch, nudge),
            problem.phi,
          );
          expect(relative(given, right)).toBeLessThan(tolerance);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is, by dyadic neurons, the gradient of the stationary value of their energy', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.constantFrom(0.1, 0.5), async (shape, nudge) => {
        const problem = chainProblem(shape);
        const given = await gradientBy(dualPropagation({ nudge, sweeps: 400 }), problem);
        const right = differences(
          (phi) => surrogateOfDual(problem.network, phi, problem.batch, nudge),
          problem.phi,
        );
        expect(relative(given, right)).toBeLessThan(tolerance);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['equilibrium', (nudge: number) => equilibriumPropagation({ nudge, sweeps: 4000 }), 1],
    ['dual', (nudge: number) => dualPropagation({ nudge, sweeps: 100 }), 2],
  ] as const)(
    'comes, by %s, to the backward pass as b goes to 0, with an error of order b^%#',
    async (_, credit, order) => {
      const problem = chainProblem({ widths: [3, 5, 4, 2], before: ['none', 'tanh', 'tanh'], seed: 3 });
      const exact = await gradientBy(null, problem);
      const errors = await Promise.all(
        [0.02, 0.01].map(async (nudge) => relative(await gradientBy(credit(nudge), problem), exact)),
      );
      expect(errors[1]).toBeLessThan(0.05);
      expect(Math.log2(errors[0]! / errors[1]!)).toBeCloseTo(order, 1);
    },
  );

  it('comes, by relu units, to the backward pass as well', async () => {
    const problem = chainProblem({
      widths: [3, 6, 5, 2],
      before: ['none', 'relu', 'relu'],
      loss: 'cross-entropy',
      seed: 5,
    });
    const exact = await gradientBy(null, problem);
    for (const credit of [
      equilibriumPropagation({ nudge: 1e-4, sweeps: 4000 }),
      dualPropagation({ nudge: 1e-4, sweeps: 50 }),
    ])
      expect(cosine(await gradientBy(credit, problem), exact)).toBeGreaterThan(0.99999);
  });
});

describe('random feedback', () => {
  it('aligned to the forward weights is the backward pass', async () => {
    const problem = chainProblem({ widths: [3, 4, 4, 2], before: ['none', 'tanh', 'relu'], seed: 2 });
    const credit = feedbackAlignment({ seed: 4 });
    const weights = feedbackWeights(withCredit(problem.network, credit), credit);
    // The forward weights of the upper two stages become the transposed feedback.
    const { blocks } = problem.network;
    const phi = problem.phi.slice();
    const uppers = blocks.filter(({ spec }) => spec.name === 'weight').slice(1);
    uppers.forEach(({ offset, spec }, l) => {
      const [outputs, inputs] = spec.shape as [number, number];
      for (let i = 0; i < outputs; i++)
        for (let j = 0; j < inputs; j++) phi[offset + i * inputs + j] = weights[l]![j * outputs + i]!;
    });
    const aligned = { ...problem, phi };
    expect(relative(await gradientBy(credit, aligned), await gradientBy(null, aligned))).toBeLessThan(1e-14);
  });

  it('comes directly to a hidden layer that the outputs follow, by weights of the same shape', async () => {
    const problem = chainProblem({ widths: [2, 3, 2], before: ['none', 'tanh'], seed: 2 });
    const credit = directFeedback({ seed: 1 });
    const [weights] = feedbackWeights(withCredit(problem.network, credit), credit);
    expect(weights).toHaveLength(6);
    const own = await gradientBy(credit, problem);
    const exact = await gradientBy(null, problem);
    const readout = problem.network.blocks.find(({ layer }) => layer === 2)!.offset;
    expect(own.slice(readout)).toEqual(exact.slice(readout));
    expect(relative(own.slice(0, readout), exact.slice(0, readout))).toBeGreaterThan(0.1);
  });

  it('is drawn anew with another seed, and the same with the same', () => {
    const { network } = chainProblem({ widths: [2, 3, 2], before: ['none', 'tanh'] });
    const draw = (seed: number) => feedbackWeights(network, feedbackAlignment({ seed }));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe('neurons that would not settle', () => {
  const problem = chainProblem({ widths: [2, 6, 6, 1], before: ['none', 'tanh', 'tanh'], seed: 7 });
  const large = { ...problem, phi: problem.phi.map((value) => value * 4) };

  it('are refused with dt, the norm, and what would be legal', async () => {
    const by = equilibriumPropagation({ dt: 0.5, sweeps: 10, order: 'synchronous' });
    await expect(gradientBy(by, large)).rejects.toThrow(UnstableNeuronsError);
    await expect(gradientBy(by, large)).rejects.toThrow(
      /dt \(1 \+ \|\|W\|\|\^2\) is .*dt below 0\.\d+ for these weights/,
    );
  });

  it('settle at the dt that the refusal names', async () => {
    const refused = await gradientBy(equilibriumPropagation({ dt: 0.5 }), large).catch(
      (error: UnstableNeuronsError) => error,
    );
    const named = Number(/dt below ([\d.e-]+) for/.exec((refused as UnstableNeuronsError).message)![1]);
    const given = await gradientBy(equilibriumPropagation({ dt: named * 0.99, sweeps: 20_000 }), large);
    const own = await gradientBy(equilibriumPropagation({ sweeps: 20_000 }), large);
    expect(relative(given, own)).toBeLessThan(1e-8);
  });

  it('settle with a step of each layer own, however large the weights', async () => {
    for (const factor of [1, 4, 16]) {
      const { network, batch, phi } = problem;
      const session = await referenceEngine.open(
        withCredit(network, equilibriumPropagation({ sweeps: 50_000 })),
      );
      await session.write(
        'phi',
        phi.map((value) => value * factor),
      );
      expect((await session.relax!(batch)).residual).toBeLessThan(1e-6);
      await session.close();
    }
  });
});

describe('the rule of a credit', () => {
  const problem = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'], seed: 7 });

  it('can be another one, which reads what its neurons do', async () => {
    const rule = defineRule('hebbian', {
      gradient: function hebbian(gradient: number[], pre: number[], post: number[], weight: number) {
        return gradient[this.thread.x]! - weight * pre[this.thread.x]! * post[this.thread.x]!;
      },
    });
    const network = withCredit(problem.network, feedbackAlignment({ rule }));
    const session = await referenceEngine.open(network);
    await session.write('phi', problem.phi);
    const { pre, post } = await session.activity!(problem.batch);
    const { samples } = problem.batch;
    const right = problem.phi.map((_, i) =>
      Array.from({ length: samples }, (_, n) => n * network.size + i).reduce(
        (sum, at) => sum - (pre![at]! * post![at]!) / samples,
        0,
      ),
    );
    expect(relative(await session.gradient(problem.batch), right)).toBeLessThan(1e-14);
    await session.close();
  });

  it('is refused where it reads what the neurons of this credit do not have', async () => {
    const rule = defineRule('wrong', {
      gradient: function wrong(gradient: number[], postPlus: number[]) {
        return gradient[this.thread.x]! + postPlus[this.thread.x]!;
      },
    });
    await expect(gradientBy(equilibriumPropagation({ rule }), problem)).rejects.toThrow(
      /"postPlus".*errorNudged/,
    );
  });
});

describe('a network for credit without a backward pass', () => {
  const dense3 = dense(2, 3);
  it.each([
    ['an activation behind its last layer', [2], [dense3, tanh()], /tanh behind the last dense layer/],
    ['two activations in a row', [2], [dense3, tanh(), relu(), dense(3, 1)], /layer 2 \(relu\)/],
    ['batch norm', [2], [dense3, batchNorm(3), dense(3, 1)], /layer 1 \(batch-norm\)/],
    [
      'weights that learn between tasks',
      [2],
      [dense(2, 3, { role: 'meta' }), tanh(), dense(3, 1)],
      /layer 0 \(dense\)/,
    ],
  ] as const)('has not %s', async (_, input, layers, message) => {
    const network = defineNetwork({
      input,
      layers: [...layers],
      loss: mse,
      synapse: complexSynapse,
      credit: dualPropagation(),
    });
    await expect(referenceEngine.open(network)).rejects.toThrow(message);
  });

  it('has a kind of credit that the engine knows', async () => {
    const network = withCredit(chainProblem({ widths: [2, 1], before: ['none'] }).network, {
      ...dualPropagation(),
      kind: 'duel',
    });
    await expect(referenceEngine.open(network)).rejects.toThrow(/"duel".*backprop, equilibrium, dual/);
    await expect(simdEngine().open(network)).rejects.toThrow(InputError);
  });
});
