import { ClosedError } from '../../../src/core/errors';
import { RandomStream } from '../../../src/core/random';
import { type Batch, makeBatch } from '../../../src/data/batch';
import type { Engine, Session } from '../../../src/engine/engine';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { cut } from '../../../src/engine/simd/passes/parts';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { PoolThread } from '../../../src/engine/simd/threads/pool-thread';
import { endTeam, newTeam, TeamLeader } from '../../../src/engine/simd/threads/team';
import { nesterov } from '../../../src/learning/optimizers';
import { mlp } from '../../../src/network/mlp';
import { complexSynapse } from '../../../src/synapse/model';

const network = mlp([20, 100, 5], { activation: 'tanh', synapse: complexSynapse });
const stream = new RandomStream('team', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => Math.fround(stream.normal()));
const batchOf = (samples: number): Batch =>
  makeBatch('drawn', { samples, inputs: 20, targets: 5, x: drawn(samples * 20), y: drawn(samples * 5) });
// In four parts, in two, and whole; none of a size that parts divide evenly.
const [large, medium, small] = [batchOf(1999), batchOf(1001), batchOf(90)];
const phi = drawn(network.size).map((value) => 0.1 * value);

/** Where phases lead that replay batches in more, fewer and as many parts as the training set has. */
async function course(session: Session): Promise<Float64Array[]> {
  const inner = nesterov({ rate: 0.02 });
  await session.write('lambda', new Float64Array(network.size).fill(0.1));
  await session.write('phi', phi);
  const ends: Float64Array[] = [];
  for (const [train, replay] of [
    ...[[large, medium] as const, [medium, large] as const, [small, large] as const],
    ...[[large, small] as const, [large, medium] as const],
  ]) {
    const given = { inner, steps: 3, stepsTaken: 0, train, tolerance: 0 };
    await session.settle({ ...given, beta: 0, replay: null });
    await session.settle({ ...given, beta: 0.3, replay });
    ends.push(await session.read('phi'));
  }
  await session.close();
  return ends;
}

const engine = simdEngine({ blas: 'wasm' });
const withHelpers = async (helpers: number) => (await engine.openSideBySide!(network, 1, { helpers }))[0]!;

describe('a large batch over threads', () => {
  it('is one that is cut', () => {
    const parts = [large, medium, small].map(({ samples }) => cut(samples, network.size).length);
    expect(parts).toEqual([4, 2, 1]);
  });

  it('gives the same bits by 1, 2 and 4 threads, and in the main one', async () => {
    const here = await course(await engine.open(network));
    for (const helpers of [0, 1, 3]) expect(await course(await withHelpers(helpers))).toEqual(here);
  });

  it('gives what the reference engine gives', async () => {
    const open = async (by: Engine) => course(await by.open(network));
    const [parts, truth] = [await open(engine), await open(referenceEngine)];
    // Float32, after 30 steps on some thousand samples; measured 4e-7 of the largest entry.
    truth.forEach((values, i) => {
      const largest = Math.max(...values.map(Math.abs));
      const apart = Math.max(...values.map((value, k) => Math.abs(value - parts[i]![k]!)));
      expect(apart / largest).toBeLessThan(4e-6);
    });
  });

  it.each([0, 1, 3])(
    'keeps apart more sizes than have work arrays at a time, beside %d helpers',
    async (helpers) => {
      // Six times four parts; work arrays are kept for eighteen.
      const batches = [1900, 1940, 1980, 2020, 2060, 2100].map(batchOf);
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
