import { exactImplicit } from '../../src/baselines/exact-implicit';
import { t1t2 } from '../../src/baselines/imaml';
import { InputError, Interruption } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { type Batch, selectSamples } from '../../src/data/batch';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { symmetric } from '../../src/learning/estimators';
import type { MetaLearner } from '../../src/learning/meta-learner';
import { adam, nesterov } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { SingleTaskLearner } from '../../src/learning/single-task-learner';
import { batchNorm } from '../../src/network/layers/batch-norm';
import { dense } from '../../src/network/layers/dense';
import { tanh } from '../../src/network/layers/tanh';
import { mse } from '../../src/network/loss';
import { mlp } from '../../src/network/mlp';
import { defineNetwork } from '../../src/network/network';
import { runningStatistics } from '../../src/network/running-statistics';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import type { Minibatch } from '../../src/tasks/task';

const stream = new RandomStream('single-task', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => stream.normal());
const batch = (samples: number): Batch => ({
  ...{ samples, inputs: 2, targets: 1 },
  ...{ x: drawn(2 * samples), y: drawn(samples) },
});
const network = mlp([2, 4, 1], { synapse: complexSynapse });
const samples = { name: 'drawn', train: batch(6), heldOut: batch(8) };
const optimizer = nesterov({ rate: 0.05 });
const rule = contrastive({
  estimator: symmetric(0.3),
  free: { optimizer, steps: 25, tolerance: 0 },
  nudged: { optimizer, steps: 10, tolerance: 0 },
});
const meta = { optimizer: adam({ rate: 0.02 }), learn: ['lambda'], logarithmic: [] };
const rules = plainExecutor();
const common = { network, meta, rules, engine: referenceEngine, initial: { lambda: 0.1 }, seed: 3 };
const byContrast = contrastiveLearner({ network, rule, rules, stride: 7 });
const byT1t2 = t1t2({ optimizer, steps: 25 });
const learnerOf = (learner: MetaLearner, change = {}) =>
  new SingleTaskLearner({ ...common, learner, task: () => samples, ...change });

describe('one task, learned again and again', () => {
  it('by the contrastive rule gives the bits that a simulation gives', async () => {
    const [learner, simulation] = [
      learnerOf(byContrast),
      simulate({ ...common, task: samples, rule, warn: () => {} }),
    ];
    for (let step = 0; step < 3; step++) {
      const [one, other] = [await learner.metaStep(), await simulation.metaStep()];
      expect(one.metaGradient).toEqual(other.metaGradient);
      expect(one.phi).toEqual(other.equilibria.get(0));
      expect(one.heldOutLoss).toBe(other.loss.heldOut);
    }
    expect(learner.save().variables.lambda).toEqual(simulation.save().variables.lambda);
    await Promise.all([learner.close(), simulation.close()]);
  });

  it.each([
    ['the contrastive rule', byContrast],
    ['T1T2', byT1t2],
  ])('by %s starts phi from the same stored values each time', async (_, method) => {
    const learner = learnerOf(method);
    const first = await learner.estimate();
    expect(await learner.estimate()).toEqual(first);
    await learner.metaStep();
    const { variables, start } = learner.save();
    const again = learnerOf(method, { initial: { lambda: variables.lambda, phi: start } });
    expect((await again.estimate()).phi).toEqual((await learner.estimate()).phi);
    await Promise.all([learner.close(), again.close()]);
  });

  it('goes on from what was saved to the same bits', async () => {
    const [learner, other] = [learnerOf(byT1t2), learnerOf(byT1t2)];
    await learner.metaStep();
    await other.restore(learner.save());
    expect(await other.metaStep()).toEqual(await learner.metaStep());
    expect(other.save()).toEqual(learner.save());
    expect(() => other.restore({ ...learner.save(), variables: {} })).toThrow(InputError);
    await Promise.all([learner.close(), other.close()]);
  });

  it.each([
    ['the contrastive rule', byContrast],
    ['T1T2', byT1t2],
  ])('by %s can be interrupted, and then has not moved', async (_, method) => {
    const learner = learnerOf(method);
    const before = learner.save();
    const controller = new AbortController();
    const learned = learner.metaStep(controller.signal);
    controller.abort();
    await expect(learned).rejects.toThrow(Interruption);
    expect(learner.save()).toEqual(before);
    await learner.close();
  });
});

describe('minibatches', () => {
  const part = (whole: Batch, step: number, size: number): Batch =>
    selectSamples(
      whole,
      Array.from({ length: size }, (_, i) => (step * size + i) % whole.samples),
    );
  const asked: number[] = [];
  const inMinibatches = {
    ...samples,
    minibatch(step: number): Minibatch {
      asked.push(step);
      return { train: part(samples.train, step, 2), heldOut: part(samples.heldOut, step, 3) };
    },
  };

  /** By hand: Nesterov's steps on L(minibatch) + R + beta L(minibatch held out), one settle call a step. */
  async function byHand(
    beta: number,
    from: Float64Array,
    steps: number,
    first: number,
  ): Promise<Float64Array> {
    const session = await referenceEngine.open(network);
    await session.write('lambda', new Float64Array(network.size).fill(0.1));
    let phi = from;
    let velocity = new Float64Array(network.size);
    for (let step = 0; step < steps; step++) {
      await session.write('phi', phi);
      const { train, heldOut } = inMinibatches.minibatch(first + step);
      const [inner, outer] = [await session.gradient(train), await session.gradient(heldOut)];
      const gradient = phi.map((value, i) => inner[i]! + 0.1 * value + beta * outer[i]!);
      const next = velocity.map((value, i) => 0.9 * value + gradient[i]!);
      phi = phi.map((value, i) => value - 0.05 * (gradient[i]! + 0.9 * next[i]!));
      velocity = next;
    }
    await session.close();
    return phi;
  }

  it.each([
    ['reference', referenceEngine, 12],
    // Float32: 1e-7 a number, over 35 steps.
    ['simd', simdEngine({ blas: 'wasm' }), 5],
  ] as const)('are another for each step of both phases, on %s', async (_, engine, digits) => {
    const learner = learnerOf(byContrast, { task: () => inMinibatches, engine, atOnce: 2 });
    const { start } = learner.save();
    asked.length = 0;
    const { phi, metaGradient } = await learner.estimate();
    // The free phase takes 0 to 24, each nudged one goes on with 25 to 34.
    expect([...new Set(asked)].sort((a, b) => a - b)).toEqual(Array.from({ length: 35 }, (_step, i) => i));
    const free = await byHand(0, start, 25, 0);
    const [up, down] = [await byHand(0.3, free, 10, 25), await byHand(-0.3, free, 10, 25)];
    for (let i = 0; i < network.size; i++) {
      expect(phi![i]).toBeCloseTo(free[i]!, digits);
      const contrast = (up[i]! ** 2 - down[i]! ** 2) / (4 * 0.3);
      expect(metaGradient.lambda![i]).toBeCloseTo(contrast, digits);
    }
    await learner.close();
  });

  it('are those of the free phase for T1T2, whose gradient is of all held-out samples', async () => {
    const learner = learnerOf(byT1t2, { task: () => inMinibatches });
    const { start } = learner.save();
    const { phi, metaGradient } = await learner.estimate();
    const free = await byHand(0, start, 25, 0);
    const session = await referenceEngine.open(network);
    await session.write('phi', phi!);
    const outer = await session.gradient(samples.heldOut);
    phi!.forEach((value, i) => {
      expect(value).toBeCloseTo(free[i]!, 12);
      expect(metaGradient.lambda![i]).toBeCloseTo(-value * outer[i]!, 12);
    });
    await Promise.all([learner.close(), session.close()]);
  });
});

describe.each([
  ['reference', referenceEngine],
  ['simd', simdEngine({ blas: 'wasm' })],
] as const)('batch norm, one task by the engine %s,', (_, engine) => {
  const normal = defineNetwork({
    input: [2],
    layers: [dense(2, 3), batchNorm(3), tanh(), dense(3, 1)],
    loss: mse,
    synapse: complexSynapse,
  });
  const withNorm = contrastiveLearner({ network: normal, rule, rules, stride: 7 });

  it.each([
    ['the contrastive rule', withNorm],
    ['T1T2', byT1t2],
    ['the exact gradient', exactImplicit({ optimizer, steps: 25 })],
  ])('has the running statistics of the free phase alone by %s, anew each time', async (_name, method) => {
    // So strong a pull that the exact method finds a minimum.
    const learner = learnerOf(method, { network: normal, engine, statistics: true, initial: { lambda: 5 } });
    const [one, other] = [await learner.estimate(), await learner.estimate()];
    const session = await learner.open();
    for (const [name, values] of Object.entries(learner.save().variables)) await session.write(name, values);
    await session.write('phi', learner.save().start);
    const free = { inner: optimizer, beta: 0, steps: 25, stepsTaken: 0, replay: null, tolerance: 0 };
    await session.settle({ ...free, train: samples.train });
    const expected = await session.read(runningStatistics);
    expect(one.runningStatistics).toEqual(expected);
    expect(other.runningStatistics).toEqual(expected);
    await session.close();
    await learner.close();
  });

  it('has none where nobody asks', async () => {
    const learner = learnerOf(withNorm, { network: normal, engine });
    expect((await learner.estimate()).runningStatistics).toBeUndefined();
    await learner.close();
  });
});
