import { cpus } from 'node:os';
import { InputError } from '../../../src/core/errors';
import { RandomStream } from '../../../src/core/random';
import { makeBatch } from '../../../src/data/batch';
import type { Engine, InnerStep, SettleRequest } from '../../../src/engine/engine';
import { gpujsEngine } from '../../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { adam, nesterov, type Optimizer } from '../../../src/learning/optimizers';
import { dense } from '../../../src/network/layers/dense';
import { modulation } from '../../../src/network/layers/modulation';
import { tanh } from '../../../src/network/layers/tanh';
import { crossEntropy, mse } from '../../../src/network/loss';
import { mlp } from '../../../src/network/mlp';
import { defineNetwork, initialParameters, type Network } from '../../../src/network/network';
import type { GpujsMode } from '../../../src/synapse/gpujs-modes';
import { complexSynapse } from '../../../src/synapse/model';
import { defineRule } from '../../../src/synapse/rule';

/** Weights that learn between tasks, gains and thresholds that learn inside one, and a readout that does too. */
const modulated = (loss: typeof mse): Network =>
  defineNetwork({
    input: [3],
    layers: [
      dense(3, 5, { role: 'meta' }),
      modulation(5),
      tanh(),
      dense(5, 4, { role: 'meta', bias: false }),
    ].concat([modulation(4), tanh(), dense(4, 2)]),
    loss,
    synapse: complexSynapse,
  });

const stream = new RandomStream('gpujs', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(stream.normal()));
const batch = (samples: number, loss: typeof mse) =>
  makeBatch('drawn', {
    ...{ samples, inputs: 3, x: drawn(samples * 3) },
    ...(loss === mse
      ? { targets: 2, y: drawn(samples * 2) }
      : { targets: 1, y: Float64Array.from({ length: samples }, () => stream.integer(2)) }),
  });

/** The largest difference of any entry over the largest entry. */
function apart(got: ArrayLike<number>, truth: ArrayLike<number>): number {
  const difference = Math.max(...Array.from(truth, (value, i) => Math.abs(got[i]! - value)));
  return difference / Math.max(...Array.from(truth, Math.abs));
}

describe.each<GpujsMode>(['webasm', 'cpu'])('GPU.js in mode %s', (mode) => {
  const open = async (
    engine: Engine,
    network: Network,
    start = initialParameters(network, new RandomStream('a', 'b')),
  ) => {
    const session = await engine.open(network);
    await session.write('phi', start.fast.map(Math.fround));
    await session.write('theta', start.meta.map(Math.fround));
    await session.write('lambda', new Float64Array(network.size).fill(0.125));
    return session;
  };

  // Tolerances as in the conformance suite: a digit or two of float32 lost to sums, more by steps.
  it.each([mse, crossEntropy])('learns by modulation as the reference engine does: $kind', async (loss) => {
    const network = modulated(loss);
    const [session, reference] = [
      await open(gpujsEngine({ mode }), network),
      await open(referenceEngine, network),
    ];
    const [train, replay] = [batch(7, loss), batch(4, loss)];
    expect(apart(await session.gradient(train), await reference.gradient(train))).toBeLessThan(3e-6);
    expect(apart(await session.metaGradient(train), await reference.metaGradient(train))).toBeLessThan(3e-6);
    const vector = drawn(network.size);
    const product = await reference.hessianVector(train, vector);
    expect(apart(await session.hessianVector(train, vector), product)).toBeLessThan(1e-5);
    const request = { inner: nesterov({ rate: 0.02 }), stepsTaken: 0, train, tolerance: 0 };
    const nudged: SettleRequest = { ...request, beta: 0.5, replay, steps: 30 };
    const [end, trueEnd] = [await session.settle(nudged), await reference.settle(nudged)];
    expect(apart([end.residual], [trueEnd.residual])).toBeLessThan(1e-4);
    expect(apart(await session.read('phi'), await reference.read('phi'))).toBeLessThan(1e-4);
    expect(await session.read('theta')).toEqual(await reference.read('theta'));
    const { loss: value } = await session.evaluate(replay);
    expect(apart([value], [(await reference.evaluate(replay)).loss])).toBeLessThan(1e-4);
    await session.close();
    await reference.close();
  });

  it('gives each step of a long chunk its own numbers', async () => {
    const network = mlp([3, 4, 2], { synapse: complexSynapse });
    const [session, reference] = [
      await open(gpujsEngine({ mode }), network),
      await open(referenceEngine, network),
    ];
    const request = { beta: 0, replay: null, stepsTaken: 5, train: batch(6, mse), tolerance: 0 };
    const ends = [];
    for (const one of [session, reference]) {
      await one.settle({ ...request, inner: adam({ rate: 0.01 }), steps: 73 });
      ends.push(await one.read('phi'));
      await one.close();
    }
    expect(apart(ends[0]!, ends[1]!)).toBeLessThan(1e-4);
  });

  it('sees the fast variable under both of its names', async () => {
    const network = mlp([3, 2], { synapse: complexSynapse });
    const session = await open(gpujsEngine({ mode }), network);
    const rule = defineRule('both names', {
      phi: 'function (value) { return value[this.thread.x] + 1; }',
      value: 'function (phi) { return phi[this.thread.x] * 2; }',
    });
    const inner: InnerStep = { rule, buffers: [], scalarsAt: () => ({}) };
    await session.write('phi', new Float64Array(network.size));
    await session.settle({
      inner,
      beta: 0,
      replay: null,
      stepsTaken: 0,
      train: batch(2, mse),
      tolerance: 0,
      steps: 2,
    });
    expect(await session.read('phi')).toEqual(new Float64Array(network.size).fill(6));
    await session.close();
  });

  it('tells rules with the same name apart, and numbers named as quantities from these', async () => {
    const network = mlp([3, 2], { synapse: complexSynapse });
    const session = await open(gpujsEngine({ mode }), network);
    await session.write('phi', new Float64Array(network.size));
    const request = { beta: 0, replay: null, stepsTaken: 0, train: batch(2, mse), tolerance: 0, steps: 1 };
    for (const sign of ['+', '-']) {
      const rule = defineRule('one', {
        value: `function (value, lambda) { return value[this.thread.x] ${sign} lambda; }`,
      });
      await session.settle({ ...request, inner: { rule, buffers: [], scalarsAt: () => ({ lambda: 3 }) } });
      expect((await session.read('phi'))[0]).toBe(sign === '+' ? 3 : 0);
    }
    await session.close();
  });

  it('reports what ran, through itself and its probe', async () => {
    const engine = gpujsEngine({ mode });
    expect(engine.report).toBeNull();
    const session = await open(engine, mlp([3, 2], { synapse: complexSynapse }));
    await session.gradient(batch(2, mse));
    await session.close();
    const fused = { executorKind: 'fused-sync', fallbackReason: null };
    const oneByOne = { executorKind: 'generic', fallbackReason: expect.stringContaining('requires webasm') };
    const report = { mode, backend: mode, ...(mode === 'webasm' ? fused : oneByOne) };
    expect(engine.report).toEqual(report);
    expect(await engine.probe()).toEqual({
      ...{ available: true, precision: 'float32', report },
      device: expect.stringMatching(`GPU.js mode ${mode}, cpu`),
      brief: expect.stringContaining(`${mode}, cpu`),
      byNameOnly: expect.stringContaining('no graphics processor'),
    });
  });
});

describe('the gpujs engine', () => {
  it('gives the same bits on several threads of WebAssembly', async () => {
    const network = mlp([3, 40, 2], { synapse: complexSynapse });
    const train = batch(300, mse);
    const ends: Float64Array[] = [];
    const kinds: (string | undefined)[] = [];
    for (const threads of [false, true]) {
      const engine = gpujsEngine({ mode: 'webasm', threads });
      const session = await engine.open(network);
      await session.write('phi', initialParameters(network, new RandomStream('a', 'b')).fast);
      const inner: Optimizer = nesterov({ rate: 0.02 });
      await session.settle({ inner, beta: 0, replay: null, steps: 9, stepsTaken: 0, train, tolerance: 0 });
      ends.push(await session.read('phi'));
      kinds.push(engine.report?.executorKind);
      await session.close();
    }
    expect(kinds).toEqual(['fused-sync', cpus().length > 1 ? 'fused-threaded' : 'fused-sync']);
    expect(ends[1]).toEqual(ends[0]);
  });

  it('refuses a mode that does not exist, and says why one is not available here', async () => {
    expect(() => gpujsEngine({ mode: 'cuda' as GpujsMode })).toThrow(InputError);
    for (const mode of ['webgpu', 'webgl2', 'headlessgl'] as const) {
      const engine = gpujsEngine({ mode });
      expect(await engine.probe()).toMatchObject({ available: false, why: expect.stringContaining(mode) });
      await expect(engine.open(mlp([3, 2], { synapse: complexSynapse }))).rejects.toThrow(InputError);
    }
  });
});
