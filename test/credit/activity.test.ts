import fc from 'fast-check';
import { bcmRule } from '../../models/bcm';
import { ojaRule } from '../../models/oja';
import { deltaRule, rewardRule } from '../../models/three-factor';
import { describe as inJson } from '../../src/core/origin';
import { remake } from '../../src/core/remake';
import type { Batch } from '../../src/data/batch';
import type { Session } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { contrastive } from '../../src/learning/contrastive';
import { forward, symmetric } from '../../src/learning/estimators';
import { heavyBall, sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { type ActivityOptions, activityRule } from '../../src/network/credit/activity';
import { withCredit } from '../../src/network/network';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { defineRule } from '../../src/synapse/rule';
import { type ChainProblem, chainProblem } from './problems';

/** Keeps a trace of what it has seen, and reads all that there is to read. */
const traceRule = defineRule('trace', {
  trace: function follow(trace: number[], pre: number[], post: number[], reward: number, decay: number) {
    const i = this.thread.x;
    return decay * trace[i]! + pre[i]! * post[i]! + 0.1 * reward;
  },
  gradient: function learn(
    gradient: number[],
    trace: number[],
    phi: number[],
    omega: number[],
    pre: number[],
    error: number[],
    weight: number,
  ) {
    const i = this.thread.x;
    return gradient[i]! - weight * (error[i]! * pre[i]! + 0.1 * trace[i]! - 0.01 * phi[i]! * omega[i]!);
  },
});
const trace = activityRule({ rule: traceRule, buffers: ['trace'], numbers: { decay: 0.7 } });

const problems = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
    before: fc.array(fc.constantFrom('none' as const, 'tanh' as const, 'relu' as const), {
      minLength: 3,
      maxLength: 3,
    }),
    loss: fc.constantFrom('mse' as const, 'cross-entropy' as const),
    bias: fc.boolean(),
    samples: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1e6),
  })
  .map((description) => chainProblem(description));

async function opened(
  { network, phi }: ChainProblem,
  options: ActivityOptions | null = null,
): Promise<Session> {
  const credit = options === null ? trace : activityRule(options);
  const session = await referenceEngine.open(withCredit(network, credit));
  await session.write('phi', phi);
  await session.write(
    'omega',
    phi.map((value) => 0.5 - value),
  );
  await session.write('lambda', new Float64Array(phi.length).fill(0.2));
  return session;
}

const phase = (train: Batch, replay: Batch | null, beta: number, steps: number, stepsTaken = 0) => ({
  ...{ inner: heavyBall({ rate: 0.05 }), beta, steps, stepsTaken, train, replay },
  tolerance: 0,
});

/** The neurons of a chain of dense layers, and C and dC/ds at its outputs, written out here anew. */
function forwardPass({ network }: ChainProblem, phi: Float64Array, x: number[], target: number[]) {
  const pre = new Float64Array(phi.length);
  const post = new Float64Array(phi.length);
  const error = new Float64Array(phi.length);
  let rates = x;
  let states = x;
  const last = network.layers.length - 1;
  network.layers.forEach((layer, index) => {
    if (layer.kind === 'tanh') rates = states.map(Math.tanh);
    if (layer.kind === 'relu') rates = states.map((s) => Math.max(0, s));
    if (layer.kind !== 'dense') return;
    const own = network.blocks.filter((block) => block.layer === index);
    const weight = own.find(({ spec }) => spec.name === 'weight')!;
    const bias = own.find(({ spec }) => spec.name === 'bias');
    const outputs = weight.size / rates.length;
    states = Array.from({ length: outputs }, (_, i) =>
      rates.reduce(
        (sum, rate, j) => sum + rate * phi[weight.offset + i * rates.length + j]!,
        bias === undefined ? 0 : phi[bias.offset + i]!,
      ),
    );
    const after = network.layers[index + 1]?.kind;
    const seen = states.map((s) => (after === 'tanh' ? Math.tanh(s) : after === 'relu' ? Math.max(0, s) : s));
    for (let i = 0; i < outputs; i++) {
      rates.forEach((rate, j) => {
        pre[weight.offset + i * rates.length + j] = rate;
        post[weight.offset + i * rates.length + j] = seen[i]!;
      });
      if (bias === undefined) continue;
      pre[bias.offset + i] = 1;
      post[bias.offset + i] = seen[i]!;
    }
    if (index === last) {
      const classes = network.loss.kind === 'cross-entropy';
      const total = states.reduce((sum, s) => sum + Math.exp(s), 0);
      const slopes = states.map((s, i) =>
        classes ? Math.exp(s) / total - (target[0] === i ? 1 : 0) : (2 * (s - target[i]!)) / outputs,
      );
      for (let i = 0; i < outputs; i++) {
        error.fill(-slopes[i]!, weight.offset + i * rates.length, weight.offset + (i + 1) * rates.length);
        if (bias !== undefined) error[bias.offset + i] = -slopes[i]!;
      }
    }
    rates = states;
  });
  const cost =
    network.loss.kind === 'mse'
      ? states.reduce((sum, s, i) => sum + (s - target[i]!) ** 2, 0) / states.length
      : Math.log(states.reduce((sum, s) => sum + Math.exp(s), 0)) - states[target[0]!]!;
  return { pre, post, error, reward: -cost };
}

const rowOf = (values: Float64Array, row: number, width: number) =>
  Array.from(values.subarray(row * width, (row + 1) * width));

describe('credit by activity', () => {
  it('shows each synapse its two neurons, its own error at outputs, and the reward', async () => {
    await fc.assert(
      fc.asyncProperty(problems, async (problem) => {
        const { network, phi, batch } = problem;
        const rule = defineRule('all', {
          gradient: function all(
            gradient: number[],
            pre: number[],
            post: number[],
            error: number[],
            reward: number,
            weight: number,
          ) {
            const i = this.thread.x;
            return gradient[i]! + weight * reward * pre[i]! * post[i]! * error[i]!;
          },
        });
        const session = await opened(problem, { rule });
        const seen = await session.activity!(batch);
        expect(Object.keys(seen).sort()).toEqual(['error', 'post', 'pre', 'reward']);
        for (let n = 0; n < batch.samples; n++) {
          const right = forwardPass(
            problem,
            phi,
            rowOf(batch.x, n, batch.inputs),
            rowOf(batch.y, n, batch.targets),
          );
          for (const name of ['pre', 'post', 'error'] as const)
            rowOf(seen[name]!, n, network.size).forEach((value, i) => {
              expect(Math.abs(value - right[name][i]!)).toBeLessThan(1e-12);
            });
          expect(Math.abs(seen.reward![n]! - right.reward)).toBeLessThan(1e-12);
        }
        await session.close();
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('goes through the samples in their order, those of replay behind those of training with their own sign, with what the rule keeps', async () => {
    await fc.assert(
      fc.asyncProperty(
        problems,
        fc.constantFrom(-0.4, 0.3, 0),
        fc.integer({ min: 1, max: 4 }),
        async (problem, beta, steps) => {
          const { network, batch, other } = problem;
          const session = await opened(problem);
          const phi = problem.phi.slice();
          const omega = phi.map((value) => 0.5 - value);
          const kept = new Float64Array(phi.length);
          const momentum = new Float64Array(phi.length);
          for (let step = 0; step < steps; step++) {
            const gradient = new Float64Array(phi.length);
            for (const [data, weight] of [
              [batch, 1],
              [other, beta],
            ] as const) {
              for (let n = 0; n < (weight === 0 ? 0 : data.samples); n++) {
                const { pre, post, error, reward } = forwardPass(
                  problem,
                  phi,
                  rowOf(data.x, n, data.inputs),
                  rowOf(data.y, n, data.targets),
                );
                for (let i = 0; i < phi.length; i++) {
                  kept[i] = 0.7 * kept[i]! + pre[i]! * post[i]! + 0.1 * reward;
                  gradient[i]! -=
                    (weight / data.samples) *
                    (error[i]! * pre[i]! + 0.1 * kept[i]! - 0.01 * phi[i]! * omega[i]!);
                }
              }
            }
            for (let i = 0; i < phi.length; i++) {
              momentum[i] = 0.9 * momentum[i]! + gradient[i]! + 0.2 * (phi[i]! - omega[i]!);
              phi[i]! -= 0.05 * momentum[i]!;
            }
          }
          await session.settle(phase(batch, beta === 0 ? null : other, beta, steps));
          const ends = { phi: await session.read('phi'), trace: await session.read('trace') };
          for (let i = 0; i < network.size; i++) {
            expect(Math.abs(ends.phi[i]! - phi[i]!)).toBeLessThan(1e-11);
            expect(Math.abs(ends.trace[i]! - kept[i]!)).toBeLessThan(1e-11);
          }
          await session.close();
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  it('keeps by steps taken: neither questions, nor chunks, nor another session change a bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        problems,
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
        async (problem, chunks) => {
          const { batch, other } = problem;
          const whole = await opened(problem);
          const steps = chunks.reduce((sum, count) => sum + count, 0);
          await whole.settle(phase(batch, other, 0.3, steps));
          let pieces = await opened(problem);
          let taken = 0;
          for (const [index, count] of chunks.entries()) {
            await pieces.settle({
              ...phase(batch, other, 0.3, count, taken),
              residualAtEnd: index % 2 === 0,
            });
            taken += count;
            const before = await pieces.read('trace');
            await pieces.gradient(batch);
            await pieces.hessianVector(other, problem.phi);
            await pieces.activity!(batch);
            await pieces.evaluate(other);
            expect(await pieces.read('trace')).toEqual(before);
            if (index % 2 === 1) continue;
            const next = await opened(problem);
            for (const name of ['phi', 'momentum', 'trace']) await next.write(name, await pieces.read(name));
            await pieces.close();
            pieces = next;
          }
          for (const name of ['phi', 'momentum', 'trace'])
            expect(await pieces.read(name)).toEqual(await whole.read(name));
          await Promise.all([whole.close(), pieces.close()]);
        },
      ),
      { numRuns: 40, seed: 3 },
    );
  });

  it.each(['reset', 'keep'] as const)(
    'begins a nudged phase with buffers as those of the optimiser: %s',
    async (optimizerState) => {
      const problem = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });
      const { phi, batch, other } = problem;
      const settings = { optimizer: heavyBall({ rate: 0.05 }), steps: 4, tolerance: 0 };
      const simulation = simulate({
        network: withCredit(problem.network, trace),
        task: { name: 'task', train: batch, heldOut: other },
        rule: contrastive({ estimator: forward(0.3), free: settings, nudged: settings, optimizerState }),
        meta: { optimizer: sgd({ rate: 0.1 }) },
        engine: referenceEngine,
        rules: plainExecutor(),
        initial: { phi, omega: phi.map((value) => 0.5 - value), lambda: 0.2 },
        warn: () => {},
      });
      const { equilibria } = await simulation.estimate();
      const session = await opened(problem);
      await session.settle(phase(batch, null, 0, 4));
      expect(equilibria.get(0)).toEqual(await session.read('phi'));
      const zeros = new Float64Array(phi.length);
      if (optimizerState === 'reset')
        for (const name of ['momentum', 'trace']) await session.write(name, zeros);
      await session.settle(phase(batch, other, 0.3, 4, optimizerState === 'keep' ? 4 : 0));
      expect(equilibria.get(0.3)).toEqual(await session.read('phi'));
      await Promise.all([simulation.close(), session.close()]);
    },
  );

  it('has the synapses of hidden layers learn nothing from the error of the outputs', async () => {
    const problem = chainProblem({ widths: [2, 3, 2], before: ['none', 'tanh'] });
    const session = await opened(problem, { rule: deltaRule });
    const gradient = await session.gradient(problem.batch);
    const hidden = problem.network.blocks
      .filter(({ layer }) => layer === 0)
      .reduce((sum, { size }) => sum + size, 0);
    expect(gradient.slice(0, hidden).every((value) => value === 0)).toBe(true);
    expect(gradient.slice(hidden).every((value) => value !== 0)).toBe(true);
    await session.close();
  });

  it('can be made again from its text, in another thread or on another machine', async () => {
    const { network } = chainProblem({ widths: [2, 1], before: [] });
    const credit = activityRule({ rule: bcmRule, buffers: ['threshold'], numbers: { tracking: 0.1 } });
    const text = JSON.stringify(inJson(withCredit(network, credit), 'network'));
    const again = (await remake(JSON.parse(text))) as typeof network;
    expect(again.credit.rule!.steps.map(({ kernel }) => kernel.source)).toEqual(
      bcmRule.steps.map(({ kernel }) => kernel.source),
    );
    expect(again.credit.buffers).toEqual(['threshold']);
  });

  const own = {
    gradient: 'function f(gradient, pre) { return gradient[this.thread.x] - pre[this.thread.x]; }',
  };
  const rule = (kernels: Record<string, string>) => defineRule('mine', { ...own, ...kernels });
  it.each([
    [
      'reads what no neuron has',
      { rule: rule({ gradient: 'function f(gradient, fear) { return fear[this.thread.x]; }' }) },
      /"mine" of the credit "activity" reads what synapses do not have. Got "fear"/,
    ],
    [
      'reads a number that nobody gives',
      { rule: rule({ gradient: 'function f(gradient, rate) { return gradient[this.thread.x] * rate; }' }) },
      /reads the number what synapses do not have. Got "rate"/,
    ],
    [
      'reads the reward as if each synapse had one',
      { rule: rule({ gradient: 'function f(gradient, reward) { return reward[this.thread.x]; }' }) },
      /reads what synapses do not have. Got "reward".*without an index/,
    ],
    [
      'writes phi',
      { rule: rule({ phi: 'function f(phi) { return phi[this.thread.x]; }' }) },
      /writes what synapses do not have. Got "phi"/,
    ],
    [
      'writes a buffer that is not named',
      { rule: bcmRule, numbers: { tracking: 1 } },
      /reads what synapses do not have. Got "threshold"/,
    ],
    [
      'does not write gradient',
      {
        rule: defineRule('idle', { trace: 'function f(trace) { return trace[this.thread.x]; }' }),
        buffers: ['trace'],
      },
      /does not write "gradient"/,
    ],
    [
      'keeps a buffer with a name that is taken',
      { rule: rule({}), buffers: ['post'] },
      /stands for two things.*post/s,
    ],
    [
      'has a number with a name that is taken',
      { rule: rule({}), numbers: { weight: 1 } },
      /stands for two things.*weight/s,
    ],
  ] as [string, ActivityOptions, RegExp][])('refuses a rule that %s', async (_, options, words) => {
    const { network } = chainProblem({ widths: [2, 1], before: [] });
    await expect(referenceEngine.open(withCredit(network, activityRule(options)))).rejects.toThrow(words);
  });

  it('refuses an optimiser that keeps a buffer of the same name', async () => {
    const problem = chainProblem({ widths: [2, 1], before: [] });
    const kernels = {
      ...own,
      momentum: 'function f(momentum, post) { return momentum[this.thread.x] + post[this.thread.x]; }',
    };
    const session = await opened(problem, { rule: defineRule('momentous', kernels), buffers: ['momentum'] });
    await expect(session.settle(phase(problem.batch, null, 0, 1))).rejects.toThrow(
      /both keep a buffer of this name. Got "momentum"/,
    );
    await session.close();
  });

  it.each([
    ['Oja', activityRule({ rule: ojaRule })],
    ['delta', activityRule({ rule: deltaRule })],
    [
      'reward-modulated Hebb',
      activityRule({ rule: rewardRule, buffers: ['meanPost', 'meanReward'], numbers: { tracking: 0.2 } }),
    ],
  ])(
    'takes part in meta-learning: with %s inside, the contrast of phases moves omega and lambda',
    async (_, credit) => {
      const problem = chainProblem({ widths: [3, 1], before: [], samples: 6, seed: 4 });
      const settings = { optimizer: sgd({ rate: 0.1 }), steps: 300, tolerance: 0 };
      const simulation = simulate({
        network: withCredit(problem.network, credit),
        task: { name: 'task', train: problem.batch, heldOut: problem.other },
        rule: contrastive({
          estimator: symmetric(0.05),
          free: settings,
          nudged: settings,
          optimizerState: 'keep',
        }),
        meta: { optimizer: sgd({ rate: 0.05 }) },
        engine: referenceEngine,
        rules: plainExecutor(),
        initial: { phi: problem.phi, omega: problem.phi, lambda: 0.5 },
        warn: () => {},
      });
      const results = await simulation.run({ metaSteps: 10 });
      for (const name of ['omega', 'lambda'] as const)
        for (const { metaGradient } of results)
          expect(Math.hypot(...metaGradient[name]!)).toBeGreaterThan(1e-6);
      await simulation.close();
    },
  );

  it('lowers the held-out loss over meta-steps with the delta rule inside, whose inner loss it descends', async () => {
    const problem = chainProblem({ widths: [3, 1], before: [], samples: 4, seed: 9 });
    const settings = { optimizer: sgd({ rate: 0.1 }), steps: 2000, tolerance: 1e-10 };
    const simulation = simulate({
      network: withCredit(problem.network, activityRule({ rule: deltaRule })),
      task: { name: 'task', train: problem.batch, heldOut: problem.other },
      rule: contrastive({ estimator: symmetric(0.05), free: settings, nudged: settings }),
      meta: { optimizer: sgd({ rate: 0.2 }), learn: ['omega'] },
      engine: referenceEngine,
      rules: plainExecutor(),
      initial: { phi: problem.phi, omega: problem.phi, lambda: 0.5 },
    });
    const losses = (await simulation.run({ metaSteps: 30 })).map(({ loss }) => loss.heldOut);
    losses.slice(1).forEach((loss, k) => {
      expect(loss).toBeLessThan(losses[k]!);
    });
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
    await simulation.close();
  });
});
