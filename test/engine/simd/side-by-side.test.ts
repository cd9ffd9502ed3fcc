import { ClosedError } from '../../../src/core/errors';
import { RandomStream } from '../../../src/core/random';
import { makeBatch } from '../../../src/data/batch';
import type { Session } from '../../../src/engine/engine';
import { simdEngine } from '../../../src/engine/simd/simd-engine';
import { adam } from '../../../src/learning/optimizers';
import { mlp } from '../../../src/network/mlp';
import { complexSynapse } from '../../../src/synapse/model';

const network = mlp([3, 9, 2], { activation: 'tanh', synapse: complexSynapse });
const stream = new RandomStream('beside', 'seed');
const drawn = (length: number) => Float64Array.from({ length }, () => stream.normal());
const train = makeBatch('drawn', { samples: 6, inputs: 3, targets: 2, x: drawn(18), y: drawn(12) });
const starts = Array.from({ length: 3 }, () => drawn(network.size));

/** Where 200 steps lead, in two chunks. */
async function end(session: Session, start: Float64Array): Promise<Float64Array> {
  await session.write('phi', start);
  const given = { inner: adam({ rate: 0.01 }), beta: 0, steps: 100, train, replay: null, tolerance: 0 };
  for (const stepsTaken of [0, 100]) await session.settle({ ...given, stepsTaken });
  return session.read('phi');
}

const engine = simdEngine({ blas: 'wasm' });
const allEnds = (sessions: readonly Session[]) =>
  Promise.all(sessions.map((session, i) => end(session, starts[i]!)));

describe('sessions that share a thread', () => {
  it('give the same bits as sessions in threads of their own, and in the main one', async () => {
    const here = await allEnds(await Promise.all(starts.map(() => engine.open(network))));
    for (const threads of [1, 2, 3]) {
      const sessions = await engine.openSideBySide!(network, 3, { threads });
      expect(await allEnds(sessions)).toEqual(here);
      for (const session of sessions) await session.close();
    }
  });

  it('go on where one of them is closed, which is of no use any more', async () => {
    const [first, second] = await engine.openSideBySide!(network, 2, { threads: 1 });
    const before = await end(second!, starts[0]!);
    const going = second!.evaluate(train);
    await first!.close();
    await going;
    await second!.write('firstMoment', new Float64Array(network.size));
    await second!.write('secondMoment', new Float64Array(network.size));
    expect(await end(second!, starts[0]!)).toEqual(before);
    await expect(first!.evaluate(train)).rejects.toThrow(ClosedError);
    await second!.close();
  });

  it('finish the work that is under way before one gives its memory back', async () => {
    const [first, second] = await engine.openSideBySide!(network, 2, { threads: 1 });
    const order: string[] = [];
    const work = first!.evaluate(train).then(() => order.push('evaluated'));
    await first!.close();
    order.push('closed');
    await work;
    expect(order).toEqual(['evaluated', 'closed']);
    await second!.close();
  });
});
