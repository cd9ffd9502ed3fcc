import { ClosedError } from '../../../src/core/errors';
import { RandomStream } from '../../../src/core/random';
import { sizeOf } from '../../../src/core/shape';
import { type Batch, makeBatch } from '../../../src/data/batch';
import type { Engine, Session } from '../../../src/engine/engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { cutFor } from '../../../src/engine/simd/passes/parts';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { PoolThread } from '../../../src/engine/simd/threads/pool-thread';
import { endTeam, newTeam, TeamLeader } from '../../../src/engine/simd/threads/team';
import { nesterov } from '../../../src/learning/optimizers';
import { batchNorm } from '../../../src/network/layers/batch-norm';
import { conv2d } from '../../../src/network/layers/conv2d';
import { dense } from '../../../src/network/layers/dense';
import { flatten } from '../../../src/network/layers/flatten';
import { averagePool } from '../../../src/network/layers/pool';
import { tanh } from '../../../src/network/layers/tanh';
import { mse } from '../../../src/network/loss';
import { mlp } from '../../../src/network/mlp';
import { defineNetwork, type Network } from '../../../src/network/network';
import { runningStatistics } from '../../../src/network/running-statistics';
import { complexSynapse } from '../../../src/synapse/model';

const stream = new RandomStream('team', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(stream.normal()));
const batchOf = (samples: number, inputs: number): Batch =>
  makeBatch('drawn', { samples, inputs, targets: 5, x: drawn(samples * inputs), y: drawn(samples * 5) });

/** A network, and sizes of batches that are cut in four parts, in two, and left whole; none of a size that parts divide evenly. */
interface Given {
  readonly network: Network;
  readonly sizes: readonly [large: number, medium: number, small: number];
}

const networks: Readonly<Record<string, Given>> = {
  'of samples that are worked off one by one': {
    network: mlp([20, 100, 5], { activation: 'tanh', synapse: complexSynapse }),
    sizes: [1999, 1001, 90],
  },
  'of images, whose batch norm needs all samples': {
    network: defineNetwork({
      input: [2, 9, 9],
      layers: [
        ...[conv2d(2, 6, { kernel: 3, padding: 1 }), batchNorm(6), tanh(), averagePool(3)],
        ...[conv2d(6, 7, { kernel: 2 }), batchNorm(7), tanh(), flatten(), dense(28, 9), batchNorm(9)],
        ...[tanh(), dense(9, 5)],
      ],
      loss: mse,
      synapse: complexSynapse,
    }),
    sizes: [501, 301, 90],
  },
};

const engine = simdEngine({ blas: 'wasm' });

describe.each(Object.entries(networks))('a large batch over threads, %s,', (_, { network, sizes }) => {
  const inputs = sizeOf(network.inputShape);
  const [large, medium, small] = sizes.map((samples) => batchOf(samples, inputs)) as [Batch, Batch, Batch];
  const other = batchOf(large.samples, inputs);
  const phi = drawn(network.size).map((value) => 0.1 * value);
  const withHelpers = async (helpers: number) => (await engine.openSideBySide!(network, 1, { helpers }))[0]!;

  /** Where phases lead that replay batches in more, fewer and as many parts as the training set has. */
  async function course(session: Session): Promise<Float64Array[]> {
    const inner = nesterov({ rate: 0.02 });
    await session.write('lambda', new Float64Array(network.size).fill(0.1));
    await session.write('phi', phi);
    const ends: Float64Array[] = [];
    for (const [train, replay] of [
      ...[[large, medium] as const, [medium, large] as const, [small, large] as const],
      ...[[large, small] as const, [large, medium] as const, [large, other] as const],
    ]) {
      const given = { inner, steps: 3, stepsTaken: 0, train, tolerance: 0 };
      await session.settle({ ...given, beta: 0, replay: null });
      await session.settle({ ...given, beta: 0.3, replay });
      ends.push(await session.read('phi'), await session.read(runningStatistics));
    }
    await session.close();
    return ends;
  }

  it('is one that is cut', () => {
    expect(sizes.map((samples) => cutFor(network, samples).length)).toEqual([4, 2, 1]);
  });

  it('gives the same bits by 1, 2 and 4 threads, and in the main one', async () => {
    const here = await course(await engine.open(network));
    for (const helpers of [0, 1, 3]) expect(await course(await withHelpers(helpers))).toEqual(here);
  });

  it('gives what the reference engine gives', async () => {
    const open = async (by: Engine) => course(await by.open(network));
    const [parts, truth] = [await open(engine), await open(referenceEngine)];
    // Float32, after 36 steps on some thousand samples; measured 4e-7 of the largest entry.
    truth.forEach((values, i) => {
      const largest = Math.max(0, ...values.map(Math.abs));
      const apart = Math.max(0, ...values.map((value, k) => Math.abs(value - parts[i]![k]!)));
      expect(apart).toBeLessThanOrEqual(4e-6 * largest);
    });
  });

  it.each([0, 1, 3])(
    'keeps apart more sizes than have work arrays at a time, beside %d helpers',
    async (helpers) => {
      // Work arrays are kept for eight sizes.
      const batches = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((more) => batchOf(medium.samples + 3 * more, inputs));
      const gradientStep = async (session: Session, train: Batch) => {
        await session.write('phi', phi);
        const given = { inner: nesterov({ rate: 0.02 }), steps: 2, stepsTaken: 0, tolerance: 0 };
        await session.write('momentum', new Float64Array(network.size));
        const { residual } = await session.settle({ ...given, train, beta: 0, replay: null });
        return { residual, phi: await session.read('phi') };
      };
      const one = await withHelpers(helpers);
      for (const train of [...batches, ...batches]) {
        const fresh = await engine.open(network);
        expect(await gradientStep(one, train)).toEqual(await gradientStep(fresh, train));
        await fresh.close();
      }
      await one.close();
    },
  );

  it('ends its threads with the session, also while they wait for work', async () => {
    const session = await withHelpers(2);
    await session.settle({
      ...{ inner: nesterov({ rate: 0.02 }), steps: 1, stepsTaken: 0, tolerance: 0 },
      ...{ train: large, replay: null, beta: 0 },
    });
    await session.close();
    await expect(session.evaluate(large)).rejects.toThrow(ClosedError);
  });
});

it('a leader of a team of one works off all programs itself, in order', () => {
  const ran: number[] = [];
  expect(new TeamLeader(newTeam(1)).work([5, 3, 8], (id) => ran.push(id))).toBe(true);
  expect(ran).toEqual([5, 3, 8]);
});

it('a leader hears that a helper has failed, and does not wait for it', async () => {
  const team = newTeam(2);
  const thread = new PoolThread(openMachine().memory.memory);
  thread.post({ kind: 'follow', team, member: 1, blas: 'wasm' });
  // Nobody has told the helper what program 7 is.
  expect(new TeamLeader(team).work([7, 7], () => {})).toBe(false);
  endTeam(team);
});
