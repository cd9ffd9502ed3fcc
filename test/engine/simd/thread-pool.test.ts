import { RandomStream } from '../../../src/core/random';
import { makeBatch } from '../../../src/data/batch';
import type { Session } from '../../../src/engine/engine';
import { openMachine } from '../../../src/engine/simd/machine/machine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import type { PoolThread } from '../../../src/engine/simd/threads/pool-thread';
import { loseHelper, newTeam, TeamLeader } from '../../../src/engine/simd/threads/team';
import { ThreadPool, threadPool } from '../../../src/engine/simd/threads/thread-pool';
import { sgd } from '../../../src/learning/optimizers';
import { mlp } from '../../../src/network/mlp';
import { complexSynapse } from '../../../src/synapse/model';

const engine = simdEngine({ blas: 'wasm' });
const network = mlp([20, 60, 5], { synapse: complexSynapse });
const stream = new RandomStream('pool', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => stream.normal());
const samples = 2000; // in four parts
const train = makeBatch('drawn', {
  samples,
  inputs: 20,
  targets: 5,
  x: drawn(samples * 20),
  y: drawn(samples * 5),
});
const { memory } = openMachine('wasm');

const settle = (session: Session) =>
  session.settle({
    inner: sgd({ rate: 0.01 }),
    beta: 0,
    steps: 2,
    stepsTaken: 0,
    train,
    replay: null,
    tolerance: 0,
  });

/** The one job that there is for a thread that knows nothing: it fails. */
const ask = (thread: PoolThread) =>
  thread.ask({ kind: 'job', runner: 99, job: { kind: 'run', define: [], program: 1 } });

describe('the threads of the process', () => {
  it('go from session to session: thirty, opened and closed in a row, take as many threads as one', async () => {
    const before = memory.bytesInUse;
    const first = await engine.openSideBySide!(network, 4, { threads: 2, helpers: 2 });
    await Promise.all(first.map(settle));
    for (const session of first) await session.close();
    const { size } = threadPool(memory);
    const results = new Set<number>();
    for (let i = 0; i < 30; i++) {
      const sessions = await engine.openSideBySide!(network, 4, { threads: 2, helpers: 2 });
      for (const session of sessions.slice(i % 5)) results.add((await settle(session)).residual);
      for (const session of sessions) await session.close();
    }
    expect(threadPool(memory).size).toBe(size);
    expect(results.size).toBe(1);
    expect(memory.bytesInUse).toBe(before);
  });

  it('help with large batches only where there are some: no helper is started for a small one', async () => {
    const { size } = threadPool(memory);
    const sessions = await engine.openSideBySide!(network, size + 1, { helpers: 5 });
    const small = makeBatch('small', { samples: 2, inputs: 20, targets: 5, x: drawn(40), y: drawn(10) });
    for (const session of sessions) await session.gradient(small);
    expect(threadPool(memory).size).toBe(size + 1);
    for (const session of sessions) await session.close();
  });

  it('are shared where there are as many as there may be, but for those that help', async () => {
    const pool = new ThreadPool(memory, 3);
    const helper = pool.takeAlone()!;
    const [one, two] = [pool.take(), pool.take()];
    expect(new Set([helper, one, two]).size).toBe(3);
    expect(pool.takeAlone()).toBeNull();
    expect([pool.take(), pool.take()]).toEqual([one, two]);
    pool.giveBack(two);
    expect(pool.take()).toBe(two);
    pool.giveBack(helper);
    expect(pool.take()).toBe(helper);
    expect(pool.size).toBe(3);
  });

  it('are replaced where one fails, and whoever waits for it hears why', async () => {
    const pool = new ThreadPool(memory, 3);
    const thread = pool.take();
    await expect(ask(thread)).rejects.toThrow(/A thread of the simd engine has failed/);
    thread.post({ kind: 'follow' } as never); // which no thread survives
    await expect(ask(thread)).rejects.toThrow(/A thread of the simd engine has failed.*Take fewer --workers/);
    await expect(ask(thread)).rejects.toThrow(thread.failure!.message);
    expect(pool.size).toBe(0);
    pool.giveBack(thread);
    expect(pool.take()).not.toBe(thread);
  });

  it('that lead do not wait for a helper that is lost', () => {
    const team = newTeam(2);
    loseHelper(team);
    expect(new TeamLeader(team).work([1, 2], () => {})).toBe(false);
  });
});
