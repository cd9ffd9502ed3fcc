import fc from 'fast-check';
import { bcmRule } from '../../models/bcm';
import { ojaRule } from '../../models/oja';
import { rewardRule } from '../../models/three-factor';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { heavyBall } from '../../src/learning/optimizers';
import { activityRule } from '../../src/network/credit/activity';
import type { Credit } from '../../src/network/credit/credit';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { directFeedback, feedbackAlignment } from '../../src/network/credit/random-feedback';
import { withCredit } from '../../src/network/network';
import { defineRule } from '../../src/synapse/rule';
import { type ChainProblem, chainProblem, relative } from './problems';

/** All that the dialect has in one rule: branches that return, a helper, a loop, bits, constants that a shader would take for whole numbers. */
const wildRule = defineRule('wild', {
  count: function follow(count: number[], pre: number[]) {
    return (count[this.thread.x]! + (pre[this.thread.x]! > 0 ? 1 : 2)) % 7;
  },
  gradient: function wild(
    gradient: number[],
    count: number[],
    pre: number[],
    post: number[],
    phi: number[],
    weight: number,
    reward: number,
  ) {
    const i = this.thread.x;
    const soft = (x: number) => x / (1 + Math.abs(x));
    if (count[i]! % 3 === 1) return gradient[i]! - weight * soft(post[i]!) * pre[i]!;
    let power = 1;
    for (let k = 0; k < 3; k++) power *= soft(phi[i]!);
    if (pre[i]! < 0) {
      return gradient[i]! + weight * 2 * power;
    }
    return gradient[i]! + weight * (power + Math.tanh(reward));
  },
});

const credits: [string, Credit][] = [
  ['equilibrium', equilibriumPropagation({ sweeps: 4 })],
  ['dual', dualPropagation()],
  ['feedback', feedbackAlignment()],
  ['direct', directFeedback()],
  ['Oja', activityRule({ rule: ojaRule })],
  ['BCM', activityRule({ rule: bcmRule, buffers: ['threshold'], numbers: { tracking: 0.1 } })],
  [
    'reward',
    activityRule({ rule: rewardRule, buffers: ['meanPost', 'meanReward'], numbers: { tracking: 0.1 } }),
  ],
  ['wild', activityRule({ rule: wildRule, buffers: ['count'] })],
];

const problems = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
    before: fc.array(fc.constantFrom('none' as const, 'tanh' as const, 'relu' as const), {
      minLength: 3,
      maxLength: 3,
    }),
    bias: fc.boolean(),
    loss: fc.constantFrom('mse' as const, 'cross-entropy' as const),
    samples: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1e6),
  })
  .map((description) => chainProblem(description));

async function learned(
  engine: Engine,
  { network, phi, batch, other }: ChainProblem,
  credit: Credit,
  beta: number,
) {
  const session = await engine.open(withCredit(network, credit));
  const rounded = Float64Array.from(phi, Math.fround);
  await session.write('phi', rounded);
  await session.write(
    'omega',
    rounded.map((value) => Math.fround(0.5 - value)),
  );
  await session.write('lambda', new Float64Array(phi.length).fill(0.25));
  const gradient = await session.gradient(batch);
  const inner = heavyBall({ rate: 0.05 });
  const phase = { inner, beta, stepsTaken: 0, train: batch, replay: beta === 0 ? null : other, tolerance: 0 };
  const { residual } = await session.settle({ ...phase, steps: 4 });
  const names = ['phi', 'momentum', ...(credit.buffers ?? [])];
  const ends = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await session.read(name)] as const)),
  );
  await session.close();
  return { gradient, residual, ends };
}

describe.each(['webasm', 'cpu'] as const)('credit on GPU.js in mode %s', (mode) => {
  // Each credit in one mode fully, since each network is compiled anew.
  it.each(credits)(
    'is, by %s, that of the reference engine up to float32',
    async (_, credit) => {
      const engine = gpujsEngine({ mode });
      await fc.assert(
        fc.asyncProperty(problems, fc.constantFrom(0, 0.3, -0.2), async (problem, beta) => {
          const right = await learned(referenceEngine, problem, credit, beta);
          const given = await learned(engine, problem, credit, beta);
          // float32 has 24 bits: differences of nudged states, divided by a nudge of 0.1, have 2^-24 of the states themselves, and four steps carry them on.
          const close = (a: Float64Array, b: Float64Array) => {
            const off = Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
            expect(off).toBeLessThan(2e-5 * (1 + Math.max(...b.map(Math.abs))));
          };
          close(given.gradient, right.gradient);
          for (const [name, values] of Object.entries(right.ends)) close(given.ends[name]!, values);
          expect(Math.abs(given.residual - right.residual)).toBeLessThan(2e-5 * (1 + right.residual));
        }),
        { numRuns: mode === 'cpu' ? 8 : 4, seed: 3 },
      );
    },
    240_000,
  );

  it('says where neurons settle', async () => {
    const engine = gpujsEngine({ mode });
    const problem = chainProblem({ widths: [2, 2, 1], before: ['none', 'tanh'] });
    await learned(engine, problem, dualPropagation(), 0);
    expect(engine.report).toMatchObject({ mode, neurons: 'settle on the processor, in float64' });
    expect(await engine.probe()).toMatchObject({
      report: { neurons: 'settle on the processor, in float64' },
    });
  });
});

it('computes in float32, and not by the reference engine behind its back', async () => {
  const problem = chainProblem({ widths: [3, 3, 2], before: ['none', 'tanh'] });
  const [right, given] = [
    await learned(referenceEngine, problem, feedbackAlignment(), 0.3),
    await learned(gpujsEngine({ mode: 'cpu' }), problem, feedbackAlignment(), 0.3),
  ];
  const off = relative(given.ends.phi!, right.ends.phi!);
  expect(off).toBeGreaterThan(1e-9);
  expect(off).toBeLessThan(1e-6);
  expect(given.ends.phi).toEqual(given.ends.phi!.map(Math.fround));
});

it('keeps bits in chunks, and refuses the mode that answers later', async () => {
  const { network, phi, batch, other } = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });
  const credit = activityRule({ rule: bcmRule, buffers: ['threshold'], numbers: { tracking: 0.1 } });
  const engine = gpujsEngine({ mode: 'cpu' });
  const run = async (chunks: number[]) => {
    const session = await engine.open(withCredit(network, credit));
    await session.write('phi', phi);
    let stepsTaken = 0;
    for (const steps of chunks) {
      await session.settle({
        inner: heavyBall({ rate: 0.05 }),
        beta: 0.2,
        steps,
        stepsTaken,
        train: batch,
        replay: other,
        tolerance: 0,
      });
      await session.gradient(other);
      stepsTaken += steps;
    }
    const ends = [await session.read('phi'), await session.read('threshold')];
    await session.close();
    return ends;
  };
  expect(await run([1, 3, 2])).toEqual(await run([6]));
  await expect(gpujsEngine({ mode: 'webgpu' }).open(withCredit(network, credit))).rejects.toThrow(
    /results come later/,
  );
});
